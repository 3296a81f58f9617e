import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grantKidOf, pinnedOf } from '../../../src/adapters/keys/key-files.js';
import { keyCounts, pinnedKeys, readPublicKeys, trustedCheckpoints } from '../../../src/adapters/keys/public-keys.js';
import { SettingsFault } from '../../../src/platform/settings-fault.js';

const file = join(mkdtempSync('/tmp/fxpk-'), 'keys.json');
const holding = (content: unknown) => {
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const own = generateKeyPairSync('ed25519').publicKey;
const key = pinnedOf(own);
const other = pinnedOf(generateKeyPairSync('ed25519').publicKey);
const pem = (public_: KeyObject) => public_.export({ type: 'spki', format: 'pem' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const note = (size: number) =>
  `fixpoint/0123456789abcdef/0\n${size}\n${Buffer.alloc(32).toString('base64')}\n\n\u2014 fixpoint-authority ${Buffer.alloc(68).toString('base64')}\n`;
const revoked = { ...key, revoked: true, checkpoint: note(12) };

describe('a file of public keys', () => {
  it('has each key with its id, and perhaps its revocation with a checkpoint', () => {
    const keys = [key, { ...other, revoked: true }];
    expect(readPublicKeys(holding({ keys }))).toEqual(keys);
    expect(readPublicKeys(holding({ keys: [revoked] }))).toEqual([revoked]);
    expect(readPublicKeys(holding({ keys: [] }))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', null, 'holds no list of public keys'],
    ['no list', { keys: 'x' }, 'holds no list of public keys'],
    ['a key that is none', { keys: [null] }, 'key 1 is no object'],
    ['a text as a key', { keys: [key, 'x'] }, 'key 2 is no object'],
    ['another member', { keys: [{ ...key, revokd: true }] }, 'has a member "revokd", which means nothing'],
    ['no public key', { keys: [{ kid: key.kid }] }, 'has no Ed25519 key'],
    ['a text as a public key', { keys: [{ ...key, publicKey: 'x' }] }, 'has no Ed25519 key'],
    ['a key of another kind', { keys: [{ kid: grantKidOf(rsa), publicKey: pem(rsa) }] }, 'has no Ed25519 key'],
    ['another id', { keys: [{ ...key, kid: other.kid }] }, `has not the id of its key, which is ${key.kid}`],
    ['no id', { keys: [{ publicKey: key.publicKey }] }, 'has not the id of its key'],
    ['a text as a revocation', { keys: [{ ...key, revoked: 'true' }] }, 'is neither revoked'],
    ['a revocation that is none', { keys: [{ ...key, revoked: false }] }, 'is neither revoked'],
    ['a checkpoint of a key in force', { keys: [{ ...key, checkpoint: note(1) }] }, 'or is not revoked'],
    ['a checkpoint that is none', { keys: [{ ...revoked, checkpoint: 'x' }] }, 'has a checkpoint that is none'],
    ['a number as a checkpoint', { keys: [{ ...revoked, checkpoint: 12 }] }, 'has a checkpoint that is none'],
    ['a key twice', { keys: [key, other, { ...key, revoked: true }] }, `holds the key ${key.kid} twice`],
  ])('is refused with %s', (_, content, why) => {
    expect(() => readPublicKeys(holding(content))).toThrow(SettingsFault);
    expect(() => readPublicKeys(holding(content))).toThrow(why);
  });

  it('says what every log must fit', () => {
    expect(trustedCheckpoints(holding({ keys: [key] }))).toEqual([]);
    expect(trustedCheckpoints(holding({ keys: [revoked, other] })).map(({ size }) => size)).toEqual([12]);
  });
});

describe('a key', () => {
  it('that is revoked lets nothing run, and shows what it signed up to its checkpoint', () => {
    expect([keyCounts(key, 'now'), keyCounts(key, 'history', 1e9)]).toEqual([true, true]);
    const pinned = { ...revoked, revoked: true } as const;
    expect([keyCounts(pinned, 'now'), keyCounts(pinned, 'now', 1)]).toEqual([false, false]);
    expect([keyCounts(pinned, 'history', 12), keyCounts(pinned, 'history', 13)]).toEqual([true, false]);
    expect(keyCounts(pinned, 'history')).toBe(false);
    expect(keyCounts({ ...key, revoked: true }, 'history', 1)).toBe(false);
  });

  it('is found by its id, or is said to be unknown or revoked', () => {
    const find = pinnedKeys(holding({ keys: [revoked, other] }), 'history');
    expect(find(other.kid)).toMatchObject({ ok: true });
    expect(find('0'.repeat(16))).toEqual({ ok: false, error: 'unknown' });
    expect(find(key.kid, 12)).toMatchObject({ ok: true });
    expect(find(key.kid, 13)).toEqual({ ok: false, error: 'revoked' });
    expect(pinnedKeys(file)(key.kid, 12)).toEqual({ ok: false, error: 'revoked' });
  });
});
