/** A threat or a requirement, and what answers it. */
export interface Control {
  /** T and a number: a threat. G and a number: a figure that must hold. Else the number of a requirement of the ASVS. */
  readonly id: string;
  /** The threat, or what is required. */
  readonly ask: string;
  /** What the product does about it; absent where it does nothing. */
  readonly control?: string;
  /** Files or folders of the code. */
  readonly code: readonly string[];
  /** `<file>: <title>`, the title with those of the `describe` around it, joined with ` › `; or `figure: <part of npm run security>`. */
  readonly shown: readonly string[];
  /** What is not defended, or not shown by a test, and why. */
  readonly open?: string;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Control[];
}
