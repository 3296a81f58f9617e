import { execFile, type ExecFileOptions } from 'node:child_process';

/** Runs a program to its end. @throws Error with the last lines of what it said. */
export function run(program: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { maxBuffer: 64 * 1024 * 1024, ...options, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const words = `${stderr}${stdout}`.trim().split('\n').slice(-6).join('\n');
        reject(new Error(`${program} ${args[0] ?? ''} failed: ${words === '' ? error.message : words}`));
      },
    );
  });
}
