import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyProof } from '../../src/installation/prove-event.js';
import { proveEvent } from '../../src/installation/prove-event.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { notesIn } from '../../src/domain/checkpoint.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { verifyInPython } from '../support/second-verifier.js';
import { admissionOperators, cleanLogs } from './admission-tampering.js';
import { chain, entriesOf } from './logs.js';
import { numbersFrom } from './tampering.js';
import { VECTOR_SIGNER, vectors } from './vectors.js';

const FOLDER = join(INSTALL_ROOT, 'docs/reference/audit-vectors');
const path = (name: string) => join(FOLDER, name);
const keys = path('grant-public.json');
const checkpoints = path('checkpoints.txt');

const inPython = (file: string, ...more: readonly string[]) => verifyInPython(file, keys, ...more);

/** The log of the vectors, changed. */
function changed(change: (lines: readonly string[]) => readonly string[]): string {
  const file = join(mkdtempSync('/tmp/fxv-'), 'audit.jsonl');
  const lines = readFileSync(path('audit.jsonl'), 'utf8').trimEnd().split('\n');
  writeFileSync(
    file,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return file;
}

it('the vectors are those that the code makes; otherwise run npm run docs', () => {
  const expected = vectors();
  const there = Object.fromEntries(readdirSync(FOLDER).map((name) => [name, readFileSync(path(name), 'utf8')]));
  expect(there).toEqual(expected);
});

describe('two verifiers that share no code', () => {
  const both = async (file: string) => {
    const ours = await verifyAudit({ file, keys, checkpoints });
    const { code, verdict } = inPython(file, checkpoints);
    return { ours, verdict, code };
  };

  it('find the log of the vectors intact', async () => {
    const { ours, verdict, code } = await both(path('audit.jsonl'));
    expect([verdict.ok, verdict.events, verdict.head, verdict.covered, code]).toEqual([true, 21, ours.head, 21, 0]);
    expect([ours.ok, ours.events, ours.covered]).toEqual([true, 21, 21]);
  });

  const notes = notesIn(readFileSync(checkpoints, 'utf8'));
  const noteOver = (size: number) => notes.find((note) => note.split('\n')[1] === String(size));
  /** A file of public keys in which the key of the vectors is revoked. */
  function revokedAt(checkpoint: string | undefined): string {
    const pinned = join(mkdtempSync('/tmp/fxv-'), 'keys.json');
    const [key] = JSON.parse(readFileSync(keys, 'utf8')).keys;
    writeFileSync(pinned, JSON.stringify({ keys: [{ ...key, revoked: true, checkpoint }] }));
    return pinned;
  }

  it.each([
    { lastEvent: 21, ok: true, covered: 21 },
    { lastEvent: 20, ok: true, covered: 20 },
    { lastEvent: undefined, ok: false, covered: 0 },
  ])('trust a revoked key up to its checkpoint: $lastEvent', async ({ lastEvent, ok, covered }) => {
    const pinned = revokedAt(lastEvent === undefined ? undefined : noteOver(lastEvent));
    const file = path('audit.jsonl');
    const ours = await verifyAudit({ file, keys: pinned, checkpoints });
    const { verdict } = verifyInPython(file, pinned, checkpoints);
    expect([ours.ok, ours.covered]).toEqual([ok, covered]);
    expect([verdict.ok, verdict.covered, verdict.problems[0]?.seq]).toEqual([ok, covered, ours.problems[0]?.seq]);
  });

  it('find a log that whoever has a revoked key made, although all its signatures verify', async () => {
    // The events that are trusted are fixed by the root of the checkpoint, not by a key that somebody else has.
    const forged = changed(() => chain(entriesOf(3, VECTOR_SIGNER)).map((link) => JSON.stringify(link)));
    const pinned = revokedAt(noteOver(20));
    const ours = await verifyAudit({ file: forged, keys: pinned });
    const { code, verdict } = verifyInPython(forged, pinned);
    expect([ours.ok, verdict.ok]).toEqual([false, false]);
    expect(code).toBe(1);
    expect(verdict.problems[0]?.seq).toBe(ours.problems[0]?.seq);
  });

  it.each<[string, (lines: readonly string[]) => readonly string[]]>([
    ['an event changed', (lines) => lines.with(8, (lines[8] ?? '').replace('grant.used', 'grant.uses'))],
    ['another writer', (lines) => lines.with(5, (lines[5] ?? '').replace('fixpoint_worker', 'fixpoint_relay'))],
    ['two lines swapped', (lines) => lines.with(6, lines[7] ?? '').with(7, lines[6] ?? '')],
    ['a line taken out', (lines) => lines.filter((_, i) => i !== 8)],
  ])('find %s, at the same event', async (_, change) => {
    const { ours, verdict, code } = await both(changed(change));
    expect([verdict.ok, code, verdict.problems[0]?.seq]).toEqual([false, 1, ours.problems[0]?.seq]);
  });

  const entries = entriesOf(2, VECTOR_SIGNER);
  const operators = admissionOperators(VECTOR_SIGNER);
  it.each(Object.keys(operators))('find %s, at the same event, without a checkpoint', async (name) => {
    const tampered = operators[name]?.(entries, chain(entries), numbersFrom(5));
    const file = changed(() => (tampered?.links ?? []).map((link) => JSON.stringify(link)));
    const { problems } = await verifyAudit({ file, keys });
    const { code, verdict } = inPython(file);
    expect([problems[0]?.seq, verdict.problems[0]?.seq, code]).toEqual([tampered?.first, tampered?.first, 1]);
    // The later ones too: neither verifier sees what the other does not.
    expect(verdict.problems.map(({ seq }) => seq)).toEqual(problems.map(({ seq }) => seq));
  });

  const clean = cleanLogs(VECTOR_SIGNER);
  it.each(Object.keys(clean))('find nothing in a log with %s', async (name) => {
    const file = changed(() => chain(clean[name] ?? []).map((link) => JSON.stringify(link)));
    const ours = await verifyAudit({ file, keys });
    expect([ours.ok, ours.problems, inPython(file).code]).toEqual([true, [], 0]);
  });

  it('find a log that was cut incomplete', async () => {
    const { ours, verdict, code } = await both(changed((lines) => lines.slice(0, 12)));
    expect([verdict.problems, verdict.covered, code]).toEqual([[], 10, 3]);
    expect([ours.problems, ours.covered, verdict.missing]).toEqual([[], 10, ours.missing]);
  });

  it('refuse a checkpoint that no key signed', async () => {
    const forged = join(mkdtempSync('/tmp/fxv-'), 'checkpoints.txt');
    writeFileSync(forged, readFileSync(checkpoints, 'utf8').replace('\n5\n', '\n6\n'));
    await expect(verifyAudit({ file: path('audit.jsonl'), keys, checkpoints: forged })).rejects.toThrow(
      'none of the keys',
    );
    expect(() => inPython(path('audit.jsonl'), forged)).toThrow('none of the keys');
  });
});

describe('the proof of one event', () => {
  it('is made from an export, and needs nothing but the public keys', async () => {
    const proof = await proveEvent(3, { file: path('audit.jsonl'), checkpoints, keys });
    expect(`${JSON.stringify(proof)}\n`).toBe(readFileSync(path('proof-3.json'), 'utf8'));
    expect(await verifyProof(path('proof-3.json'), { keys })).toMatchObject({ seq: 3, writer: 'fixpoint_authority' });
  });

  it.each<[string, (proof: any) => object]>([
    ['another event', (proof) => ({ ...proof, event: proof.event.replace('success', 'failure') })],
    ['another writer', (proof) => ({ ...proof, writer: 'fixpoint_api' })],
    ['another place', (proof) => ({ ...proof, seq: 4 })],
    ['a hash less', (proof) => ({ ...proof, hashes: proof.hashes.slice(1) })],
    ['another root', (proof) => ({ ...proof, checkpoint: proof.checkpoint.replace('\n5\n', '\n6\n') })],
    ['no checkpoint', (proof) => ({ ...proof, checkpoint: '' })],
  ])('shows nothing with %s', async (_, change) => {
    const file = join(mkdtempSync('/tmp/fxv-'), 'proof.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(path('proof-3.json'), 'utf8')))));
    expect(await verifyProof(file, { keys })).toBeUndefined();
  });

  it('is refused where there is none to make, and where a file is none', async () => {
    await expect(proveEvent(22, { file: path('audit.jsonl'), checkpoints, keys })).rejects.toThrow(
      'No checkpoint covers',
    );
    const file = join(mkdtempSync('/tmp/fxv-'), 'proof.json');
    for (const text of ['', '{}', '[]', '{"v":2}']) {
      writeFileSync(file, text);
      await expect(verifyProof(file, { keys })).rejects.toThrow('is no proof');
    }
  });
});
