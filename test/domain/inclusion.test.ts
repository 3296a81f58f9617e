import { describe, expect, it } from '@jest/globals';
import { checkpointBody, eventLeaf, noteText, originOf } from '../../src/domain/checkpoint.js';
import { parseInclusionProof, provenUnder, type InclusionProof } from '../../src/domain/inclusion.js';
import { inclusionProof, rootOf } from '../../src/domain/merkle.js';

const events = ['a', 'b', 'c', 'd', 'e'].map((event) => ({ writer: 'fixpoint_api', event }));
const leaves = events.map(eventLeaf);
const checkpoint = { origin: originOf('0'.repeat(64), 0), size: 5, root: rootOf(leaves) };
const note = noteText(checkpointBody(checkpoint), 'k', Buffer.alloc(4), Buffer.alloc(64));
const hashes = inclusionProof(leaves, 2).map((hash) => hash.toString('base64'));
const proof: InclusionProof = { v: 1, seq: 3, writer: 'fixpoint_api', event: 'c', checkpoint: note, hashes };

describe('the proof of one event', () => {
  it('leads to the root of its checkpoint', () => {
    expect(provenUnder(parseInclusionProof(JSON.stringify(proof)) as InclusionProof)?.size).toBe(5);
  });

  it.each<[string, Partial<InclusionProof>]>([
    ['another event', { event: 'd' }],
    ['another writer', { writer: 'fixpoint_worker' }],
    ['another place', { seq: 2 }],
    ['a hash less', { hashes: hashes.slice(1) }],
    ['no checkpoint', { checkpoint: '' }],
  ])('shows nothing with %s', (_, more) => {
    expect(provenUnder({ ...proof, ...more })).toBeUndefined();
  });

  it.each<[string, object]>([
    ['another version', { v: 2 }],
    ['no number', { seq: '3' }],
    ['a part of a number', { seq: 1.5 }],
    ['no event', { event: undefined }],
    ['no writer', { writer: 1 }],
    ['no checkpoint', { checkpoint: null }],
    ['no hashes', { hashes: undefined }],
    ['a hash that is no text', { hashes: [1] }],
  ])('is none with %s', (_, more) => {
    expect(parseInclusionProof(JSON.stringify({ ...proof, ...more }))).toBeUndefined();
  });

  it('is none where it is no JSON', () => expect(parseInclusionProof('{')).toBeUndefined());
});
