import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  checkpointBody,
  keyHashOf,
  notesIn,
  noteText,
  originOf,
  parseCheckpoint,
  restoresOf,
} from '../../src/domain/checkpoint.js';
import { leafHash } from '../../src/domain/merkle.js';

const ORIGIN = originOf('0123456789abcdef'.repeat(4), 0);
const checkpoint = { origin: ORIGIN, size: 12, root: leafHash('x') };
const body = checkpointBody(checkpoint);
const signature = Buffer.alloc(64, 7);
const note = noteText(body, 'fixpoint-authority', Buffer.from('01020304', 'hex'), signature);

describe('a checkpoint', () => {
  it('is three lines, an empty one, and a signature: the form of C2SP', () => {
    expect(note.split('\n')).toEqual([
      'fixpoint/0123456789abcdef/0',
      '12',
      checkpoint.root.toString('base64'),
      '',
      `\u2014 fixpoint-authority ${Buffer.concat([Buffer.from([1, 2, 3, 4]), signature]).toString('base64')}`,
      '',
    ]);
    expect(parseCheckpoint(note)).toEqual({
      ...checkpoint,
      body,
      signatures: [{ name: 'fixpoint-authority', keyHash: '01020304', signature }],
    });
  });

  it('has a key hash as C2SP signed-note computes it', () => {
    // The example key of golang.org/x/mod/sumdb/note, PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW.
    const raw = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
    expect(keyHashOf('PeterNeumann', raw).toString('hex')).toBe('c74f20a3');
  });

  it('names a log and how often it was restored', () => {
    expect([restoresOf(ORIGIN), restoresOf(originOf('f'.repeat(64), 12)), restoresOf('example.com/log')]).toEqual([
      0,
      12,
      undefined,
    ]);
  });

  it.each<[string, string]>([
    ['an empty text', ''],
    ['another origin', note.replace('fixpoint/', 'example/')],
    ['a size with a zero before it', note.replace('\n12\n', '\n012\n')],
    ['a size that is no number', note.replace('\n12\n', '\n-1\n')],
    ['a short root', note.replace(checkpoint.root.toString('base64'), 'AAAA')],
    ['another form of the same root', note.replace('=\n\n', '\n\n')],
    ['a line more in its body', note.replace('\n\n', '\nextension\n\n')],
    ['no signature', note.slice(0, note.indexOf('\u2014'))],
    ['a short signature', note.replace(/ [A-Za-z0-9+/=]+\n$/, ' AAAA\n')],
    ['no line feed at its end', note.slice(0, -1)],
    ['a line after its signature', `${note}x\n`],
    ['carriage returns', note.replaceAll('\n', '\r\n')],
  ])('is not %s', (_, text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });

  it('is found in a file of many, beside one that a crash cut', () => {
    const second = noteText(
      checkpointBody({ ...checkpoint, size: 13 }),
      'fixpoint-authority',
      Buffer.alloc(4),
      signature,
    );
    expect(notesIn('')).toEqual([]);
    expect(notesIn(note)).toEqual([note]);
    expect(notesIn(note + second)).toEqual([note, second]);
    const found = (text: string) => notesIn(text).flatMap((one) => parseCheckpoint(one)?.size ?? []);
    for (let cut = 1; cut < second.length; cut++) {
      const left = second.slice(0, -cut);
      const end = left.endsWith('\n') ? '' : '\n';
      expect(found(note + left)).toEqual([12]);
      expect([...new Set(found(`${note}${left}${end}${second}`))]).toEqual([12, 13]);
    }
  });

  it('is signed in the text that it shows', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const signed = noteText(body, 'k', Buffer.alloc(4), sign(null, Buffer.from(body), privateKey));
    expect(parseCheckpoint(signed)?.body).toBe(body);
  });
});
