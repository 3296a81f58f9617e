import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditBytes, type AuditAction, type AuditEvent, type ChainedEvent } from '../../src/domain/audit.js';
import { AUDIT_ACTIONS } from '../../src/domain/audit-actions.js';
import { EVENT_WRITERS, FORMER_WRITERS, writes } from '../../src/domain/audit-writers.js';
import type { Value } from '../../src/domain/canonical.js';
import type { Checkpoint } from '../../src/domain/checkpoint.js';
import { READ_MEMBERS } from '../../src/domain/event-shape.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { verifyInPython } from '../support/second-verifier.js';
import {
  approvedEntry,
  chain,
  chainOn,
  entriesOf,
  eventOf,
  jobOf,
  restoredEntry,
  RUNBOOK,
  timeOf,
  type Entry,
} from './logs.js';
import { malformedOperators } from './malformed-tampering.js';
import { restoredLogs, type Restored } from './restored-logs.js';
import { checkpointsOf, numbersFrom, operatorsOf } from './tampering.js';
import { notesOf, otherKey, VECTOR_SIGNER } from './vectors.js';

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

/** An event of each action, by one of its writers, in any order; what the verifier reads of it is anything, often what other events say. */
const anyLog = ((): fc.Arbitrary<readonly Entry[]> => {
  const said = entriesOf(2, VECTOR_SIGNER).flatMap(([, text]) =>
    Object.entries((JSON.parse(text) as { data: Readonly<Record<string, Value>> }).data),
  );
  const of = (name: string) => said.filter(([other]) => other === name).map(([, value]) => value);
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Value>;
  const member = (name: string) => {
    const [known, proof] = [of(name), fc.record({ kind: fc.constantFrom('key', 'token', 'x'), at: json, kid: json })];
    const any = [json, fc.string(), proof as fc.Arbitrary<Value>];
    return fc.oneof(...any, ...(known.length === 0 ? [] : [fc.constantFrom(...known), fc.constantFrom(...known)]));
  };
  const events = AUDIT_ACTIONS.map((action, i) => {
    const names = (READ_MEMBERS[action] ?? 'x').replaceAll('?', '').split(' ');
    const members = Object.fromEntries([...names, 'proof', 'head'].map((name) => [name, member(name)]));
    const data = fc.oneof(fc.record(members, { requiredKeys: [] }), fc.dictionary(fc.string(), json));
    const [writer = 'owner'] = EVENT_WRITERS[action];
    const time = fc.oneof(fc.constantFrom(timeOf(9000), timeOf(0)), fc.string());
    const job = fc.constantFrom(jobOf(0), jobOf(1), null);
    return fc.record({ data, at: time, job }).map(({ data: anything, at, job: about }): Entry => {
      const [, text] = eventOf('api', action, {}, 100 + i);
      const event = JSON.parse(text) as AuditEvent;
      return [
        writer === 'owner' ? 'postgres' : `fixpoint_${writer}`,
        auditBytes({ ...event, at, job: about, data: anything as AuditEvent['data'] }),
      ];
    });
  });
  return fc.tuple(...events).chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
})();

describe('both verifiers name an event and look at the next one, whatever it holds:', () => {
  const entries = entriesOf(2, VECTOR_SIGNER);
  const operators = malformedOperators(VECTOR_SIGNER);
  const unwritten = eventOf('api', 'freeze.on', {}, 90);

  it.each(Object.keys(operators))('%s', async (name) => {
    const { links, first } = operators[name]?.(entries, [], numbersFrom(11)) ?? { links: [], first: 0 };
    const { ours, theirs } = await both(chainOn(links, [['fixpoint_worker', unwritten[1]]]));
    expect([seqsOf(ours.problems)[0], seqsOf(ours.problems).at(-1)]).toEqual([first, links.length + 1]);
    expect(new Set(seqsOf(theirs.verdict.problems))).toEqual(new Set(seqsOf(ours.problems)));
  });

  it('any JSON in the data of every action', async () => {
    const seqs = (problems: readonly { readonly seq: number }[], upTo: number) =>
      [...new Set(seqsOf(problems))].filter((seq) => seq <= upTo);
    await fc.assert(
      fc.asyncProperty(anyLog, async (odd) => {
        const { ours, theirs } = await both(chain([...entries, ...odd]));
        // The product names a hundred.
        const upTo = ours.problems.length < 100 ? Infinity : (ours.problems.at(-1)?.seq ?? 0) - 1;
        expect(seqs(theirs.verdict.problems, upTo)).toEqual(seqs(ours.problems, upTo));
      }),
      { numRuns: 40, seed: 5 },
    );
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

describe('a restore, in both verifiers, explains the checkpoints that do not fit where it was signed for this log:', () => {
  const logs = restoredLogs(VECTOR_SIGNER);
  it.each(Object.keys(logs))('%s', async (name) => {
    const { links, kept, explained } = logs[name] as (typeof logs)[string];
    const checkpoints = join(folder, 'restored.txt');
    writeFileSync(checkpoints, notesOf(kept).join(''));
    const { ours, theirs } = await both(links, checkpoints);
    expect([ours.ok, theirs.verdict.ok]).toEqual([explained, explained]);
    if (explained) expect(ours.restored).not.toEqual([]);
    expect(seqsOf(theirs.verdict.problems)).toEqual(seqsOf(ours.problems));
    expect([theirs.verdict.missing, theirs.verdict.covered]).toEqual([ours.missing, ours.covered]);
  });

  describe('with a key that was revoked since', () => {
    const { pinned: fresh, signer } = otherKey();
    /** What both say where the key of the vectors counts up to this checkpoint, and another one signed what was kept. */
    async function verdicts({ links, kept }: Restored, trusted: Checkpoint | undefined) {
      const [pinned, checkpoints, file] = ['revoked.json', 'kept.txt', 'log.jsonl'].map((name) =>
        join(folder, name),
      ) as [string, string, string];
      const [key] = (JSON.parse(readFileSync(keys, 'utf8')) as { keys: readonly object[] }).keys;
      const [checkpoint] = trusted ? notesOf([trusted]) : [];
      writeFileSync(pinned, JSON.stringify({ keys: [{ ...key, revoked: true, checkpoint }, fresh] }));
      writeFileSync(checkpoints, notesOf(kept, signer.key).join(''));
      writeFileSync(file, links.map((link) => `${JSON.stringify(link)}\n`).join(''));
      const ours = await verifyAudit({ file, keys: pinned, checkpoints });
      const { verdict } = verifyInPython(file, pinned, checkpoints);
      expect([verdict.ok, verdict.missing.length]).toEqual([ours.ok, ours.missing.length]);
      expect(new Set(seqsOf(verdict.problems))).toEqual(new Set(seqsOf(ours.problems)));
      return ours;
    }
    const lived = logs['a restore that was signed, and a long life after it'] as Restored;
    const over = (size: number, { links }: Restored = lived) =>
      checkpointsOf(links.slice(0, size), size).at(-1) as Checkpoint;

    it('where its checkpoint is of the log after the restore', async () => {
      expect(await verdicts(lived, over(15))).toMatchObject({ ok: true, problems: [] });
    });

    it('and not where the checkpoint is of the log before it, or there is none', async () => {
      const { kept } = lived;
      const before = kept.find(({ size, origin }) => size === 20 && origin.endsWith('/0'));
      for (const trusted of [before, undefined]) expect(await verdicts(lived, trusted)).toMatchObject({ ok: false });
    });

    it('and shows nothing more after a restore that another key signed', async () => {
      const entries = entriesOf(3, VECTOR_SIGNER);
      const before = chain(entries);
      const [trusted] = checkpointsOf(before.slice(0, 30), 30) as [Checkpoint];
      const head = { seq: 10, hash: before[9]?.hash ?? '' };
      const restored = restoredEntry(signer, { head, restores: 0 }, 150);
      // Not even by a number that the checkpoint covers.
      const forged = [
        eventOf('api', 'job.submitted', {}, 200, jobOf(7)),
        approvedEntry(VECTOR_SIGNER, 7, 201, { runbook: RUNBOOK }),
      ];
      const kept = checkpointsOf(before, 30);
      expect(await verdicts({ links: chainOn(before.slice(0, 10), [restored]), kept }, trusted)).toMatchObject({
        ok: true,
      });
      const { problems } = await verdicts(
        { links: chainOn(before.slice(0, 10), [restored, ...forged]), kept },
        trusted,
      );
      expect(problems).toEqual([{ seq: 13, reason: expect.stringMatching(/no valid grant: .*revoked/) }]);
    });
  });
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
