import { expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itemsIn } from '../../src/cli/table-file.js';

const SCHEMA = { type: 'object', properties: { text: { type: 'string' }, count: { type: 'integer' } } };

it('a table gives each item its target and typed parameters, and an empty cell is no value', async () => {
  expect(await itemsIn('target,text,count\npc-1,one,1\npc-2,,2\n', 'users.csv', SCHEMA)).toEqual([
    { target: 'pc-1', parameters: { text: 'one', count: 1 } },
    { target: 'pc-2', parameters: { count: 2 } },
  ]);
});

it('a cell of a table reads no file of whoever submits it', async () => {
  const path = join(mkdtempSync('/tmp/fixpoint-table-'), 'secret');
  writeFileSync(path, 'secret');
  expect(await itemsIn(`target,text\npc-1,@${path}\n`, 'users.csv', SCHEMA)).toEqual([
    { target: 'pc-1', parameters: { text: `@${path}` } },
  ]);
  await expect(itemsIn(`target,@${path}\npc-1,x\n`, 'users.csv', SCHEMA)).rejects.toThrow(/Not a JSON object/);
});

it('a table without a target in each row is refused', async () => {
  await expect(itemsIn('text\none\n', 'users.csv', SCHEMA)).rejects.toThrow(/has a row without a target/);
  await expect(itemsIn('target,text\n', 'users.csv', SCHEMA)).rejects.toThrow(/has no row/);
});
