import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The laboratory's hand in a PC: a process that stays, so that a look or a change costs milliseconds. */
export interface Hand {
  /** Words of one command of hand.ps1; resolves with the lines it answered. @throws Error with what it said went wrong. */
  ask(...words: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts the process at the first question; `begin` says how. */
export function openHand(begin: { program: string; args: readonly string[]; env: NodeJS.ProcessEnv }): Hand {
  let child: ChildProcess | undefined;
  let lines: string[] = [];
  let answered: ((failure?: string) => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const start = () => {
    const started = spawn(begin.program, begin.args, { env: begin.env, stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface({ input: started.stdout }).on('line', (raw) => {
      const line = raw.replace(/\r$/, '');
      if (line === '.') answered?.();
      else if (line.startsWith('! ')) answered?.(line.slice(2));
      else lines.push(line);
    });
    started.once('exit', () => {
      if (child === started) child = undefined;
      answered?.('the hand has ended');
    });
    return started;
  };
  const one = (words: readonly string[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      child ??= start();
      lines = [];
      answered = (failure) => {
        answered = undefined;
        if (failure === undefined) resolve(lines);
        else reject(new Error(`${words[0] ?? ''}: ${failure}`));
      };
      child.stdin?.write(`${words.join('\t')}\n`);
    });
  return {
    ask(...words) {
      const answer = last.then(() => one(words));
      last = answer.catch(() => undefined);
      return answer;
    },
    async stop() {
      const ending = child;
      if (!ending) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.stdin?.end();
      await ended;
    },
  };
}
