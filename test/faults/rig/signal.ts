/**
 * Sends a signal to a process that may have ended since its id was read: everything here dies at moments that nobody chooses.
 * @returns whether it was still there
 */
export function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
