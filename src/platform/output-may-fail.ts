/**
 * Lets this process outlive the readers of its output: a closed pipe or a full disk must not end a process that has work to finish,
 * such as a supervisor that still has to stop its database.
 */
export function outputMayFail(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}
