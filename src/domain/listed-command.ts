/** A command of the gate's lists, or one that the engine itself calls on a target. */
export interface ListedCommand {
  readonly name: string;
  /** `function`: a function in Windows PowerShell 5.1, and a cmdlet in PowerShell 7. */
  readonly kind: 'cmdlet' | 'function' | 'program';
  /** The module that defines the command on Windows; absent for a program. */
  readonly module?: string;
}
