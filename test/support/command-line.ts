import { runCommand, PRODUCT_COMMANDS } from '../../src/cli/program.js';

/** What a command printed (both streams in their order), and its exit code. */
export interface Ran {
  readonly code: number;
  readonly text: string;
}

/** Runs a command of the command line in this process, with these variables of the environment. */
export async function command(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Ran> {
  const before = { ...process.env };
  const { exitCode } = process;
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map(({ write }) => write);
  const error = console.error;
  let text = '';
  const keep = (chunk: string | Uint8Array) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  };
  Object.assign(process.env, env);
  for (const stream of streams) stream.write = keep;
  console.error = (...said: unknown[]) => void keep(`${said.join(' ')}\n`);
  process.exitCode = undefined;
  try {
    await runCommand(PRODUCT_COMMANDS, words);
    return { code: Number(process.exitCode ?? 0), text };
  } finally {
    streams.forEach((stream, i) => (stream.write = writes[i] as typeof stream.write));
    console.error = error;
    process.exitCode = exitCode;
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(before, name)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
