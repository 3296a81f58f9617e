import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { grantMessage, type SignedGrant } from '../../domain/grant.js';
import type { GrantVerifier } from '../../ports/grants.js';
import { openGrantVerifier, readGrant } from './index.js';
import { readPublicKeys } from './key-files.js';

/** A verifier for many grants: what is announced is judged on the threads of Node, beside the caller. */
export interface AheadVerifier extends GrantVerifier {
  /** Judges the signatures of these grants; resolves when `verify` has an answer for each. Never rejects. */
  announce(grants: readonly SignedGrant[]): Promise<void>;
}

/** Gives the verdicts of `openGrantVerifier`, for announced grants and others alike. */
export async function openAheadVerifier(publicPath: string): Promise<AheadVerifier> {
  const plain = await openGrantVerifier(publicPath);
  const keys = readPublicKeys(publicPath).filter(({ revoked }) => revoked !== true);
  const known = new Map(keys.map(({ kid, publicKey }) => [kid, createPublicKey(publicKey)]));
  /** What held, by everything that was judged. */
  const held = new Set<string>();
  return {
    announce: async (grants) => {
      await Promise.all(
        grants.map(async (signed) => {
          const key = known.get(signed.kid);
          if (key && (await holds(signed, key))) held.add(idOf(signed));
        }),
      );
    },
    // What did not hold, and what could not be judged ahead, is judged again: the reason is said in one place.
    verify: (signed) => (held.delete(idOf(signed)) ? readGrant(signed) : plain.verify(signed)),
  };
}

const idOf = ({ kid, signature, bytes }: SignedGrant) => `${kid}\n${signature}\n${bytes}`;

function holds({ bytes, signature }: SignedGrant, key: KeyObject): Promise<boolean> {
  return new Promise((resolve) => {
    verify(null, grantMessage(bytes), key, Buffer.from(signature, 'base64'), (error, result) =>
      resolve(error === null && result),
    );
  });
}
