import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSink } from '../../src/adapters/checkpoints/index.js';
import { pinnedOf } from '../../src/adapters/keys/key-files.js';
import { openCheckpointSigner, openCheckpointVerifier } from '../../src/adapters/keys/checkpoint-keys.js';
import { openRestoreSigner, openRestoreVerifier } from '../../src/adapters/keys/restore-keys.js';
import { ensureGrantKey } from '../../src/adapters/keys/index.js';
import { GENESIS, linkHash, type ChainedEvent } from '../../src/domain/audit.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { notesIn, parseCheckpoint } from '../../src/domain/checkpoint.js';
import type { CheckpointSink } from '../../src/ports/checkpoints.js';
import { beginCheckpoints } from '../../src/usecases/audit/sign-checkpoints.js';

/** A chain in memory with a clock of its own, checkpoints in a real file with a real key. */
async function world(directory = mkdtempSync('/tmp/fxcp-')) {
  const [privateKey, publicKey] = [join(directory, 'k.pem'), join(directory, 'k.json')];
  await ensureGrantKey(privateKey, publicKey);
  const path = join(directory, 'checkpoints.txt');
  const log: string[] = [];
  const links: ChainedEvent[] = [];
  let now = 0;
  const append = (event: object) => {
    const [seq, prevHash, writer] = [links.length + 1, links.at(-1)?.hash ?? GENESIS, 'fixpoint_worker'];
    const actor = { type: 'service', id: 'x', name: 'x', roles: [] };
    const whole = { v: 1, eventId: String(seq), outcome: 'success', at: 'x', actor, job: null, target: null, data: {} };
    const text = canonicalJson({ ...whole, ...event });
    links.push({ seq, prevHash, hash: linkHash(seq, prevHash, writer, text), writer, event: text });
  };
  const context = (...more: readonly CheckpointSink[]) => ({
    audit: { chained: (after: number, limit: number) => Promise.resolve(links.slice(after, after + limit)) },
    sinks: [fileSink(path), ...more],
    trusted: [],
    log: (message: string) => void log.push(message),
    clock: () => now,
  });
  const keys = {
    ...(await openCheckpointSigner(privateKey)),
    ...(await openCheckpointVerifier(publicKey)),
    ...openRestoreVerifier(publicKey),
  };
  const { signRestore } = await openRestoreSigner(privateKey);
  return {
    path,
    publicKey,
    log,
    links,
    /** As a restore writes it, from a backup up to this event. */
    restored: (seq: number, restores: number) => {
      const { head, signature, kid } = signRestore({ head: { seq, hash: links[seq - 1]?.hash ?? '' }, restores });
      append({ action: 'record.restored', data: { head, signature, kid } });
    },
    append: (count: number, event: object = { action: 'x' }) => Array.from({ length: count }, () => append(event)),
    pass: (ms: number) => void (now += ms),
    begin: (...more: readonly CheckpointSink[]) => beginCheckpoints({ ...context(...more), checkpoints: keys }),
    sizes: () => notesIn(readFileSync(path, 'utf8')).map((note) => parseCheckpoint(note)?.size),
  };
}

describe('the checkpoints of the audit log', () => {
  it('come when no more events do, after a minute, after 1000 events, and at the end', async () => {
    const it = await world();
    const signing = await it.begin();
    it.append(3);
    await signing.step();
    expect(signing.state()).toMatchObject({ size: 0, waitingMs: 0 });
    it.pass(3000);
    await signing.step();
    expect(it.sizes()).toEqual([3]);
    // Events without a pause: a minute after the first of them.
    for (let i = 0; i < 60; i++) {
      it.append(1);
      it.pass(1000);
      await signing.step();
    }
    expect(it.sizes()).toEqual([3]);
    it.append(1);
    it.pass(1000);
    await signing.step();
    expect(it.sizes()).toEqual([3, 64]);
    it.append(2500);
    await signing.step();
    expect(it.sizes()).toEqual([3, 64, 2564]);
    it.append(1);
    await signing.end();
    expect(it.sizes()).toEqual([3, 64, 2564, 2565]);
    expect(signing.state()).toEqual({ size: 2565, waitingMs: 0, failing: [] });
  });

  it('are compared at the start, and the same log continues', async () => {
    const it = await world();
    it.append(5);
    await (await it.begin()).end();
    it.append(2);
    await (await it.begin()).end();
    expect(it.sizes()).toEqual([5, 7]);
    await (await it.begin()).end();
    expect(it.sizes()).toEqual([5, 7]);
  });

  it.each<[string, (links: ChainedEvent[]) => void, RegExp]>([
    ['cut', (links) => void links.pop(), /over 6 events .* the log ends before it/],
    ['emptied', (links) => void links.splice(0), /over 4 events .* the log ends before it/],
    [
      'changed and hashed again',
      (links) => {
        let prevHash = GENESIS;
        for (const [i, link] of links.entries()) {
          const event = i === 1 ? link.event.replace('"x"', '"y"') : link.event;
          const hash = linkHash(link.seq, prevHash, link.writer, event);
          links[i] = { ...link, prevHash, event, hash };
          prevHash = hash;
        }
      },
      /over 4 events .* other events stand there now/,
    ],
    [
      'given other writers',
      (links) => links.forEach((link, i) => (links[i] = { ...link, writer: 'fixpoint_api' })),
      /over 4 events .* other events stand there now/,
    ],
  ])('tell a log that was %s', async (_, change, message) => {
    const it = await world();
    it.append(4);
    const signing = await it.begin();
    await signing.end();
    it.append(2);
    await signing.end();
    change(it.links);
    await expect(it.begin()).rejects.toThrow(message);
  });

  it('tell a log that was rolled back, and not one that says that it was restored', async () => {
    const it = await world();
    it.append(4);
    const signing = await it.begin();
    await signing.end();
    it.append(4);
    await signing.end();
    it.links.splice(4);
    it.append(6, { action: 'other' });
    await expect(it.begin()).rejects.toThrow(/over 8 events/);
    it.links.splice(4);
    it.append(5, { action: 'job.unknown' });
    // What nobody signed explains nothing, whatever it says.
    it.append(1, { action: 'record.restored', data: { head: { seq: 4, hash: it.links[3]?.hash } } });
    await expect(it.begin()).rejects.toThrow(/over 8 events/);
    it.links.pop();
    it.restored(4, 0);
    const again = await it.begin();
    expect(it.log.join()).toMatch(/event 10 says that a restore took away what a checkpoint over 8 events covers/);
    await again.end();
    await (await it.begin()).end();
    expect(it.sizes()).toEqual([4, 8, 10]);
    // The same restore again explains no second cut.
    const [whole, told] = [[...it.links], it.links[9] as ChainedEvent];
    it.append(5);
    await (await it.begin()).end();
    it.links.splice(10);
    const { data } = JSON.parse(told.event) as { data: object };
    it.append(1, { action: 'record.restored', data });
    await expect(it.begin()).rejects.toThrow(/over 15 events/);
    it.links.splice(0, it.links.length, ...whole);
    it.restored(10, 1);
    await (await it.begin()).end();
    it.links.splice(0, it.links.length, ...whole);
    // A restore explains nothing that its backup held.
    const [first, ...rest] = it.links;
    it.links.splice(0, 10, { ...(first as ChainedEvent), writer: 'fixpoint_api' }, ...rest);
    await expect(it.begin()).rejects.toThrow(/over 4 events/);
  });

  it('of another key count for nothing, and are named', async () => {
    const [it, other] = [await world(), await world()];
    other.append(9);
    await (await other.begin()).end();
    writeFileSync(it.path, readFileSync(other.path));
    it.append(1);
    await (await it.begin()).end();
    expect(it.log).toEqual([expect.stringMatching(/no key of this installation signed/)]);
    expect(it.sizes()).toEqual([9, 1]);
  });

  it('wait for a sink that fails, while the others have them, and only the newest is owed', async () => {
    const it = await world();
    const got: string[] = [];
    let fails = true;
    const keep = (note: string) => (fails ? Promise.reject(new Error('away')) : Promise.resolve(void got.push(note)));
    const signing = await it.begin({ name: 'collector', keep, kept: () => Promise.resolve([]) });
    for (let i = 0; i < 3; i++) {
      it.append(1);
      await signing.step();
      it.pass(4000);
      await signing.step();
    }
    expect(it.sizes()).toEqual([1, 2, 3]);
    expect(signing.state()).toEqual({ size: 0, waitingMs: 12_000, failing: ['collector'] });
    fails = false;
    it.pass(10_000);
    await signing.step();
    expect(got.map((note) => parseCheckpoint(note)?.size)).toEqual([3]);
    expect(signing.state()).toEqual({ size: 3, waitingMs: 0, failing: [] });
  });

  it('are not made over a chain with a gap', async () => {
    const it = await world();
    it.append(3);
    const signing = await it.begin();
    it.append(2);
    it.links.splice(3, 1);
    await expect(signing.step()).rejects.toThrow('the chain has no event 4');
  });

  it('are refused by a key that is not pinned, and after the last event of one that was revoked', async () => {
    const it = await world();
    it.append(2);
    await (await it.begin()).end();
    const [note = ''] = notesIn(readFileSync(it.path, 'utf8'));
    const path = join(mkdtempSync('/tmp/fxcp-'), 'public.json');
    const other = pinnedOf(generateKeyPairSync('ed25519').publicKey);
    const checkpoint = parseCheckpoint(note);
    const [own] = JSON.parse(readFileSync(it.publicKey, 'utf8')).keys;
    const verdict = async (key: object) => {
      writeFileSync(path, JSON.stringify({ keys: [key] }));
      return checkpoint && (await openCheckpointVerifier(path)).verifyCheckpoint(checkpoint);
    };
    expect(await verdict(other)).toBe('unsigned');
    expect(await verdict(own)).toBe('signed');
    expect(await verdict({ ...own, revoked: true, checkpoint: note })).toBe('signed');
    expect(await verdict({ ...own, revoked: true })).toBe('revoked');
  });
});
