import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SUBMIT_HELP } from '../../src/cli/commands/job.js';
import { missing, readParameters } from '../../src/cli/parameters.js';
import type { Sources } from '../../src/cli/terminal.js';
import type { JsonSchema } from '../../src/domain/manifest.js';
import { createValueChecker } from '../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

const SCHEMA = {
  type: 'object',
  required: ['identity', 'set'],
  properties: {
    identity: { type: 'string' },
    set: { type: ['string', 'null'] },
    attribute: { enum: ['title', 'mail'], description: 'what is changed' },
    count: { type: 'integer' },
    force: { type: 'boolean' },
    names: { type: 'array', items: { type: 'string' } },
    numbers: { type: 'array', items: { type: 'integer' } },
    more: { type: 'object' },
  },
} as const;

const files: Record<string, string> = { 'all.json': '{"identity":"a@x","count":1}', 'title.txt': 'Head of =Sales\n' };
const sources = (answers?: string[]): Sources => ({
  file: (path) => files[path] ?? '',
  stdin: () => '{"set":"from stdin"}',
  ask: answers ? () => Promise.resolve(answers.shift() ?? '') : undefined,
});
const read = (...words: string[]) => readParameters(words, SCHEMA, sources());

describe('parameters of a command', () => {
  it.each<[string, string[], object]>([
    ['text as it is, also with =', ['identity=a=b', 'set=1'], { identity: 'a=b', set: '1' }],
    ['null where the schema has it', ['identity=null', 'set=null'], { identity: 'null', set: null }],
    ['numbers and truth values', ['count=-3', 'force=false'], { count: -3, force: false }],
    [
      'lists by repetition',
      ['names=a', 'names=b,c', 'numbers=1', 'numbers=2'],
      { names: ['a', 'b,c'], numbers: [1, 2] },
    ],
    ['lists and objects as JSON', ['names=["x"]', 'more={"a":1}'], { names: ['x'], more: { a: 1 } }],
    ['a JSON object', ['{"identity":"z"}', 'count=2'], { identity: 'z', count: 2 }],
    ['a file with an object', ['@all.json'], { identity: 'a@x', count: 1 }],
    ['a file with one value, whole', ['set=@title.txt'], { set: 'Head of =Sales\n' }],
    ['standard input', ['-'], { set: 'from stdin' }],
    ['an empty text', ['identity='], { identity: '' }],
  ])('are %s', async (_, words, values) => expect(await read(...words)).toEqual(values));

  it.each([
    ['x=1', 'The runbook has no parameter x. It has: identity, set, attribute'],
    ['__proto__=1', 'The runbook has no parameter __proto__'],
    ['identity', 'Not a parameter: identity'],
    ['=1', 'Not a parameter: =1'],
    ['count=many', 'count must be of the type integer'],
    ['more={', 'more is not JSON'],
    ['{', 'Not a JSON object in the argument'],
    ['@none', 'Not a JSON object in none'],
  ])('refuse %s', async (word, message) => expect(read(word)).rejects.toThrow(message));

  it('refuse a name that comes twice, unless it is a list', async () =>
    expect(read('count=1', 'count=2')).rejects.toThrow('count is given twice'));

  it('are asked for where they are required and missing, and nobody is asked otherwise', async () => {
    expect(await readParameters(['identity=a'], SCHEMA, sources(['new title']))).toEqual({
      identity: 'a',
      set: 'new title',
    });
    expect(await readParameters(['identity=a'], SCHEMA, sources(['']))).toEqual({ identity: 'a' });
    expect(await read('identity=a')).toEqual({ identity: 'a' });
  });
});

it('the examples in the help fit the runbooks that they name', async () => {
  const examples = [...SUBMIT_HELP.matchAll(/job submit (\S+) \S+ (.*) --reason/g)];
  expect(examples).toHaveLength(2);
  for (const [, runbook = '', words = ''] of examples) {
    const manifest = readFileSync(join(INSTALL_ROOT, 'runbooks', runbook, 'runbook.yaml'), 'utf8');
    const { parameters: schema } = parse(manifest) as { readonly parameters: JsonSchema };
    const values = await readParameters(words.split(' '), schema, sources());
    expect(missing(schema, values)).toEqual([]);
    expect(createValueChecker().check(schema, values)).toMatchObject({ ok: true });
  }
});
