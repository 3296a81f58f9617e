import { expect } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command-line.js';
import { endedScan } from './ended-scan.js';
import { newFolder, product } from './jobs.js';
import type { Who } from './people.js';

export const RUNBOOK = 'set-file-text';
export const item = (directory: string, names: readonly string[]) => ({
  target: 'box',
  parameters: { directory, names, text: 'wanted' },
});
export const submit = (items: readonly object[], more: object = {}, who: Who = 'helpdesk') =>
  product.call(who, 'POST', '/v1/scans', { runbook: RUNBOOK, reason: 'nightly', items, expect: items.length, ...more });
export const get = async (path: string, who: Who = 'admin') => product.call(who, 'GET', path);
export const run = (who: Who, ...words: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], FIXPOINT_HOME: product.home }, ...words);

/** A folder in which these files hold what the scans of this file look for. */
export function folderWith(...names: readonly string[]): string {
  const folder = newFolder();
  for (const name of names) writeFileSync(join(folder, name), 'wanted');
  return folder;
}

export async function scanned(items: readonly object[], who: Who = 'helpdesk'): Promise<any> {
  const made = await submit(items, {}, who);
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ count: items.length, endedAt: null })]);
  return endedScan(made.body.id);
}
