import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const printed = async () => JSON.parse((await command({}, 'runbook', 'schema')).text) as Schema;

/** Every member with its path. */
function members(schema: Schema, path = ''): [string, Schema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, member]): [string, Schema][] => [
    [`${path}/${name}`, member],
    ...members(member, `${path}/${name}`),
  ]);
  const inner = [schema.items, ...(schema.anyOf ?? []), ...Object.values(schema.patternProperties ?? {})];
  return [...own, ...inner.flatMap((one) => (one ? members(one, `${path}/*`) : []))];
}

describe('the schema of a manifest', () => {
  it('is printed for editors, and accepts a manifest that the loader accepts', async () => {
    const schema = await printed();
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' });
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const text = readFileSync(join(INSTALL_ROOT, 'examples/runbooks/write-example-file/runbook.yaml'), 'utf8');
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
    expect(validate({ ...(parse(text) as object), steps: [] })).toBe(false);
  });

  it('says of each member what it means, with an example that it accepts', async () => {
    const all = members(await printed());
    expect(all.length).toBeGreaterThan(60);
    expect(
      all.filter(([, { description = '', examples = [] }]) => !/\.$/.test(description) || examples.length === 0),
    ).toEqual([]);
  });

  it.each(['meaning', 'value', 'example'])('is in the reference with the %s of each member', async (column) => {
    const page = readFileSync(join(INSTALL_ROOT, 'docs/reference/manifest.md'), 'utf8');
    const rows = page.split('\n').filter((line) => /^\| `/.test(line));
    const head =
      /^\| member .*\|$/m
        .exec(page)?.[0]
        .split('|')
        .map((cell) => cell.trim()) ?? [];
    expect(head).toContain(column);
    for (const row of rows) expect(row.split(/(?<!\\)\|/)[head.indexOf(column)]?.trim()).toBeTruthy();
  });
});
