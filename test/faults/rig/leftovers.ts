import { signalIfThere } from './signal.js';

const running = new Set<number>();
let watching = false;

/** What must not outlive the harness, however that ends. Returns what to call once the process has ended. */
export function endWithUs(pid: number | undefined): () => void {
  if (pid === undefined) return () => undefined;
  if (!watching) {
    watching = true;
    process.on('exit', () => running.forEach((pid) => signalIfThere(pid, 'SIGKILL')));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  }
  running.add(pid);
  return () => running.delete(pid);
}
