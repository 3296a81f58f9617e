import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign } from 'node:crypto';
import { isWeakKey, publicKeyText, signatureHolds } from '../../src/domain/person-key.js';

const P = 2n ** 255n - 19n;
/** y of a point of order 8, as others publish it; that of its opposite is P - y. */
const EIGHTH = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

/** The 32 bytes of a key: y with the sign of x in the highest bit. */
function encoded(y: bigint, sign: 0 | 1): Buffer {
  const number = y | (BigInt(sign) << 255n);
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
}
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const textOf = (bytes: Buffer) => Buffer.concat([PREFIX, bytes]).toString('base64');

const POINTS: readonly (readonly [string, Buffer])[] = [
  ['order 1', encoded(1n, 0)],
  ['order 2', encoded(P - 1n, 0)],
  ['order 4', encoded(0n, 0)],
  ['order 4, the opposite', encoded(0n, 1)],
  ['order 8, the first', encoded(EIGHTH, 0)],
  ['order 8, the second', encoded(EIGHTH, 1)],
  ['order 8, the third', encoded(P - EIGHTH, 0)],
  ['order 8, the fourth', encoded(P - EIGHTH, 1)],
];
const OTHER_FORMS: readonly (readonly [string, Buffer])[] = [
  ['order 1 with a sign', encoded(1n, 1)],
  ['order 2 with a sign', encoded(P - 1n, 1)],
  ['order 1, P too large', encoded(P + 1n, 0)],
  ['order 1, P too large, with a sign', encoded(P + 1n, 1)],
  ['order 4, P too large', encoded(P, 0)],
  ['order 4, P too large, the opposite', encoded(P, 1)],
];

/** A signature without a private key: the neutral point and zero. It verifies where the hash times the key is the neutral point. */
const FORGED = Buffer.concat([encoded(1n, 0), Buffer.alloc(32)]);
const messages = Array.from({ length: 200 }, (_, i) => Buffer.from(`message ${i}`));

describe('a public key of small order', () => {
  it.each([...POINTS, ...OTHER_FORMS])('%s is no key: not for a request, not for a signature', (_, bytes) => {
    expect(isWeakKey(textOf(bytes))).toBe(true);
    for (const message of messages)
      expect(signatureHolds(textOf(bytes), message, FORGED.toString('base64'))).toBe(false);
  });
});

describe('a public key', () => {
  it('that was made is none of those, and verifies what its private half signed', () => {
    for (const message of messages.slice(0, 50)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      const signature = sign(null, message, privateKey).toString('base64');
      expect(isWeakKey(publicKeyText(privateKey))).toBe(false);
      expect(signatureHolds(publicKeyText(privateKey), message, signature)).toBe(true);
    }
  });

  it.each([2n, 3n, P - 2n, P - 3n, EIGHTH + 1n])('with y = %s is not called one of small order', (y) => {
    expect(isWeakKey(textOf(encoded(y, 0)))).toBe(false);
  });

  it.each([2n, 18n])('%s above P is in another form than its own', (above) => {
    expect(isWeakKey(textOf(encoded(P + above, 0)))).toBe(true);
  });

  it.each([
    ['no base64', '!'],
    ['an empty text', ''],
    ['a key of another kind', textOf(encoded(1n, 0)).replace('MCow', 'MCox')],
    ['a key with a byte more', Buffer.concat([PREFIX, encoded(1n, 0), Buffer.alloc(1)]).toString('base64')],
  ])('that is %s verifies nothing', (_, text) => {
    for (const message of messages.slice(0, 20))
      expect(signatureHolds(text, message, FORGED.toString('base64'))).toBe(false);
  });
});
