import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';

/** Puts a copy of the runbook `ledger` under another name into a folder of runbooks, whole at once. */
export function addVariant(folder: string, id: string, changes: Readonly<Record<string, string>> = {}): void {
  const source = join(INSTALL_ROOT, 'test/faults/runbooks/ledger');
  const made = join(folder, '..', `making-${id}`);
  rmSync(made, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(source, made, { recursive: true });
  const manifest = join(made, 'runbook.yaml');
  let text = readFileSync(manifest, 'utf8').replace('id: ledger', `id: ${id}`);
  for (const [find, replace] of Object.entries(changes)) text = text.replace(find, replace);
  writeFileSync(manifest, text);
  renameSync(made, join(folder, id));
}

export function removeVariant(folder: string, id: string): void {
  rmSync(join(folder, id), { recursive: true, force: true });
}
