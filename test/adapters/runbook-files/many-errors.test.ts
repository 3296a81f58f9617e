import { describe, expect, it } from '@jest/globals';
import { createValueChecker } from '../../../src/adapters/runbook-files/index.js';
import { MOST_PROBLEMS } from '../../../src/adapters/runbook-files/bounded-problems.js';
import { BatchBody, ImportBody, TargetBody } from '../../../src/http/schemas/requests.js';
import { repeatedNames } from '../../../src/http/repeated-names.js';

const values = createValueChecker();
const batch = { ...BatchBody };
const imported = { ...ImportBody };
const target = { ...TargetBody };

const problems = (schema: object, value: unknown) => {
  const checked = values.check(schema as never, value, { depth: 20, bytes: 2 * 1024 * 1024 });
  return checked.ok ? [] : checked.error;
};
/** How often members are read, over all members of a list that are this one object. */
function counted(members: object) {
  let reads = 0;
  const object = {};
  for (const [name, value] of Object.entries(members))
    Object.defineProperty(object, name, { enumerable: true, get: () => ((reads += 1), value as unknown) });
  return { object, reads: () => reads };
}

describe.each([
  ['a batch', batch, 'requests'],
  ['an import', imported, 'targets'],
] as const)('%s', (_, schema, list) => {
  it('with too many members is refused before one of them is looked at', () => {
    const { object, reads } = counted({ reason: 1 });
    const found = problems(schema, { [list]: new Array(690_000).fill(object) });
    expect(found).toEqual([{ path: `/${list}`, code: 'maxItems', message: 'must NOT have more than 500 items' }]);
    expect(reads()).toBe(0);
  });

  it('makes a bounded number of errors, in the order of its members', () => {
    const found = problems(schema, { [list]: new Array(500).fill({ a: 1, b: 2 }) });
    expect(found).toHaveLength(MOST_PROBLEMS);
    const of = (i: number) => found.filter(({ path }) => path.startsWith(`/${list}/${i}/`)).length;
    expect(of(0)).toBeGreaterThan(5);
    expect(of(1)).toBe(of(0));
    expect(of(499)).toBe(0);
  });

  it('with members that nobody knows makes a bounded number of errors too', () => {
    const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (__, i) => [`x${i}`, 0]));
    expect(problems(schema, unknown)).toHaveLength(MOST_PROBLEMS);
    expect(problems(schema, { [list]: [unknown] })).toHaveLength(MOST_PROBLEMS);
  });
});

it('a part that is chosen by its tag is judged as that alone, with a bounded number of errors', () => {
  const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`x${i}`, 0]));
  const transport = { type: 'ssh', host: '-', port: 22, user: 'a', ...unknown };
  const found = problems(target, { transport });
  expect(found).toHaveLength(MOST_PROBLEMS);
  const alone = problems(target, { transport: { type: 'ssh', host: '-', port: 22, user: 'a', x: 0 } });
  expect(alone.filter(({ path }) => path.startsWith('/transport')).map(({ path, code }) => `${path} ${code}`)).toEqual([
    '/transport/hostKey required',
    '/transport/x additionalProperties',
    '/transport/host pattern',
  ]);
  expect(problems(target, { transport: { type: 'telnet' } })).toContainEqual({
    path: '/transport/type',
    code: 'enum',
    message: 'must be one of ssh, ldaps, ldap, winrm, local',
  });
});

it('names that are there twice are counted up to a limit', () => {
  const text = `{${new Array(100_000).fill('"a":0').join(',')}}`;
  expect(repeatedNames(text)).toHaveLength(50);
});
