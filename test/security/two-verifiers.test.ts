import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditAction, ChainedEvent } from '../../src/domain/audit.js';
import { AUDIT_ACTIONS } from '../../src/domain/audit-actions.js';
import { EVENT_WRITERS, FORMER_WRITERS, writes } from '../../src/domain/audit-writers.js';
import type { Value } from '../../src/domain/canonical.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { verifyInPython } from '../support/second-verifier.js';
import { chain, entriesOf, eventOf, type Entry } from './logs.js';
import { checkpointsOf, numbersFrom, operatorsOf } from './tampering.js';
import { notesOf, VECTOR_SIGNER } from './vectors.js';

/** The program in Python finds what the product finds, at the same event: it has the rules from the page about the format alone. */

const keys = join(INSTALL_ROOT, 'docs/reference/audit-vectors/grant-public.json');
const folder = mkdtempSync('/tmp/fxv-');

async function both(links: readonly ChainedEvent[], checkpoints?: string) {
  const file = join(folder, 'log.jsonl');
  writeFileSync(file, links.map((link) => `${JSON.stringify(link)}\n`).join(''));
  const ours = await verifyAudit({ file, keys, ...(checkpoints === undefined ? {} : { checkpoints }) });
  const theirs = verifyInPython(file, keys, ...(checkpoints === undefined ? [] : [checkpoints]));
  return { ours, theirs };
}
const seqsOf = (problems: readonly { readonly seq: number }[]) => problems.map(({ seq }) => seq);

describe('both verifiers', () => {
  const entries = entriesOf(3, VECTOR_SIGNER);
  const links = chain(entries);
  const kept = join(folder, 'checkpoints.txt');
  writeFileSync(kept, notesOf(checkpointsOf(links, 8)).join(''));
  const operators = operatorsOf(VECTOR_SIGNER);

  it.each(Object.keys(operators))('find %s at the same event, with checkpoints and without', async (name) => {
    const tampered = operators[name]?.(entries, links, numbersFrom(11));
    for (const checkpoints of [kept, undefined]) {
      const { ours, theirs } = await both(tampered?.links ?? [], checkpoints);
      expect(seqsOf(theirs.verdict.problems)).toEqual(seqsOf(ours.problems));
      expect([theirs.verdict.ok, theirs.verdict.covered, theirs.verdict.missing]).toEqual([
        ours.ok,
        ours.covered,
        ours.missing,
      ]);
      expect(theirs.code).toBe(ours.problems.length > 0 ? 1 : ours.ok ? 0 : 3);
    }
  });
});

it('both verifiers read every value in its canonical form', async () => {
  const text = fc.string({ unit: 'grapheme' });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const leaf = fc.oneof(text, number, fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.letrec<{ any: Value }>((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('any')), fc.dictionary(text, tie('any'))),
  })).any;
  const values = fc.sample(value, { numRuns: 400, seed: 7 });
  const { ours, theirs } = await both(chain(values.map((one, n) => eventOf('api', 'freeze.on', { one }, n))));
  expect([ours.problems, theirs.verdict.problems]).toEqual([[], []]);
});

describe('the writers of each action', () => {
  it('stand in the page about the format', () => {
    const page = readFileSync(join(INSTALL_ROOT, 'docs/reference/audit-format.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z.-]+)` +\| (.+?) +\|$/gm)].map(([, action, writers]) => [
      action,
      writers,
    ]);
    const nameOf = (writer: string) => (writer === 'owner' ? 'the owner' : `\`fixpoint_${writer}\``);
    const former = (action: string) => FORMER_WRITERS[action] ?? [];
    const now = (action: string) => EVENT_WRITERS[action as AuditAction] ?? [];
    const actions = [...new Set([...Object.keys(EVENT_WRITERS), ...Object.keys(FORMER_WRITERS)])].sort();
    const expected = actions.map((action) => [
      action,
      [...new Set([...now(action), ...former(action)])].map(nameOf).join(', '),
    ]);
    expect(rows).toEqual(expected);
  });

  it('are those of the program in Python', () => {
    const roles = ['api', 'authority', 'relay', 'worker', 'owner', 'queue'].map((role) => `fixpoint_${role}`);
    const actions = [...AUDIT_ACTIONS, 'job.settled', 'job.imagined', 'toString'];
    const entries = actions.flatMap((action) =>
      [...roles, 'postgres'].map((role): Entry => [role, eventOf('api', action as 'freeze.on', {}, 1)[1]]),
    );
    const file = join(folder, 'writers.jsonl');
    writeFileSync(
      file,
      chain(entries)
        .map((link) => `${JSON.stringify(link)}\n`)
        .join(''),
    );
    const told = verifyInPython(file, keys).verdict.problems.filter(({ reason }) => reason.includes('writes no'));
    const wrong = entries.flatMap(([role, text], i) =>
      writes(role, (JSON.parse(text) as { action: string }).action) ? [] : [i + 1],
    );
    expect(seqsOf(told)).toEqual(wrong);
  });
});
