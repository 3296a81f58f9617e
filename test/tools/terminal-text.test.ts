import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Refusal } from '../../src/cli/api/refusal.js';
import { atLines, targetsIn } from '../../src/cli/target-file.js';
import { runbookLines } from '../../src/cli/print-runbook.js';
import { runCommand, type AddCommands } from '../../src/cli/program.js';
import { usage } from '../../src/cli/terminal.js';
import { loadCheckout } from '../../src/usecases/admission/load-checkout.js';

/** Bold, the title of the window, C1, an order of writing, a tag. */
const EVIL = '\u001b[1m\u001b]0;x\u0007\u009b2J\u202e\u{e0041}';
const RAW = /[^\n -~]/u;

let written = '';
beforeEach(() => {
  written = '';
  const keep = (text: unknown) => (written += `${String(text)}\n`);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (keep(text), true));
  jest.spyOn(console, 'error').mockImplementation(keep);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** What a command writes that does this. */
async function run(does: (print: (data: unknown, text: string) => void) => void, ...words: string[]): Promise<string> {
  const add: AddCommands = (program, { print }) => void program.command('evil').action(() => does(print));
  await runCommand([add], [...words, 'evil']);
  return written;
}

describe('a command', () => {
  it.each([
    ['prints text', [], (print: (data: unknown, text: string) => void) => print({}, EVIL)],
    ['prints JSON', ['--json'], (print: (data: unknown, text: string) => void) => print({ [EVIL]: EVIL }, '')],
    [
      'is refused',
      [],
      () => {
        const problem = { code: 'x', title: EVIL, type: 'y', detail: `${EVIL}\nRefused: all is well` };
        throw new Refusal({ ...problem, errors: [{ path: EVIL, code: 'x', message: EVIL }] });
      },
    ],
    [
      'was used wrongly',
      [],
      () => {
        throw usage(EVIL);
      },
    ],
    [
      'failed',
      [],
      () => {
        throw new Error(EVIL);
      },
    ],
  ] as const)('that %s sends nothing to the terminal that it obeys', async (_, words, does) => {
    const text = await run(does, ...words);
    expect(text).toContain('\\u001b');
    expect(text).not.toMatch(RAW);
    expect(text).not.toMatch(/^Refused: all is well/m);
  });
});

it('prints JSON that means what it meant', async () => {
  expect(JSON.parse(await run((print) => print({ [EVIL]: [EVIL] }, ''), '--json'))).toEqual({ [EVIL]: [EVIL] });
});

it('names a row of an import by one line', () => {
  const [row] = targetsIn(`name,kind,host,user,hostKey\n"pc${EVIL}\nok",pc,h,u,k\n`, 'file');
  const errors = [{ path: '/targets/0/name', code: 'pattern', message: 'x' }];
  const { problem } = atLines(new Refusal({ code: 'x', title: 'x', errors }), row ? [row] : []);
  expect(problem.errors?.[0]?.path).toMatch(/^line \d+ \([ -~]+\): name$/);
});

it('shows a runbook with what its author wrote, on the lines that are meant for it', () => {
  const parameters = { properties: { [EVIL]: { type: 'string', description: `${EVIL}\nrollback none` } } };
  const runbook = { id: 'a', version: '1.0.0', title: EVIL, summary: EVIL, rollback: EVIL, parameters, kinds: [] };
  const approval = { required: {}, expiresIn: '1h' };
  const text = runbookLines({ ...runbook, approval, contentDigest: 'd' } as never);
  expect(text).not.toMatch(RAW);
  expect(text).not.toMatch(/^rollback none/m);
});

it('logs the mistakes of a runbook on one line each', async () => {
  const lines: string[] = [];
  const problem = { file: `a${EVIL}.ps1`, line: 1, message: EVIL, rule: 'x', severity: 'error' };
  const folders = { load: () => Promise.resolve([{ id: 'a', directory: '/', problems: [problem] }]) };
  const catalogue = { setRefused: () => Promise.resolve(), list: () => Promise.resolve([]) };
  await loadCheckout(
    { catalogue } as never,
    folders as never,
    () => Promise.resolve(''),
    (line) => lines.push(line),
  );
  expect(lines).toHaveLength(1);
  expect(lines.join('')).not.toMatch(RAW);
});
