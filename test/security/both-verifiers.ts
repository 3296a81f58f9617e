import { expect } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditBytes, parseEvent, type AuditEvent } from '../../src/domain/audit.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { verifyInPython } from '../support/second-verifier.js';
import { chain, type Entry } from './logs.js';

const KEYS = join(INSTALL_ROOT, 'docs/reference/audit-vectors/grant-public.json');

/** What both verifiers say of a log, without a checkpoint: the same. Its grant key is that of the vectors. */
export async function bothVerdicts(entries: readonly Entry[]) {
  const file = join(mkdtempSync('/tmp/fxl-'), 'log.jsonl');
  writeFileSync(
    file,
    chain(entries)
      .map((link) => `${JSON.stringify(link)}\n`)
      .join(''),
  );
  const ours = await verifyAudit({ file, keys: KEYS });
  const { verdict, code } = verifyInPython(file, KEYS);
  expect(verdict.problems.map(({ seq }) => seq)).toEqual(ours.problems.map(({ seq }) => seq));
  expect([verdict.ok, verdict.missing.length]).toEqual([ours.ok, ours.missing.length]);
  return { ours, code };
}

/** The same event with another time. */
export const at = ([writer, text]: Entry, time: string): Entry => [
  writer,
  auditBytes({ ...(parseEvent(text) as AuditEvent), at: time }),
];
/** An event of a time long after the others. */
export const late = (entry: Entry): Entry => at(entry, '2026-06-01T00:00:00.000Z');
