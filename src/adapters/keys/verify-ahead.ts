import { verify, type KeyObject } from 'node:crypto';
import { grantMessage, type SignedGrant } from '../../domain/grant.js';
import type { LoggedGrant } from '../../domain/verify-audit.js';
import type { GrantVerifier } from '../../ports/grants.js';
import { openGrantVerifier, readGrant } from './index.js';
import { pinnedKeys, type KeyUse } from './public-keys.js';

/** A verifier for many grants: what is announced is judged on the threads of Node, beside the caller. */
export interface AheadVerifier extends GrantVerifier {
  /** Judges the signatures of these grants; resolves when `verify` has an answer for each. Never rejects. */
  announce(grants: readonly LoggedGrant[]): Promise<void>;
}

/** Gives the verdicts of `openGrantVerifier`, for announced grants and others alike. */
export async function openAheadVerifier(publicPath: string, use?: KeyUse): Promise<AheadVerifier> {
  const plain = await openGrantVerifier(publicPath, use);
  const keyOf = pinnedKeys(publicPath, use);
  /** What held, by everything that was judged. */
  const held = new Set<string>();
  return {
    announce: async (grants) => {
      await Promise.all(
        grants.map(async ({ signed, seq }) => {
          const key = keyOf(signed.kid, seq);
          if (key.ok && (await holds(signed, key.value))) held.add(idOf(signed, seq));
        }),
      );
    },
    // What did not hold, and what could not be judged ahead, is judged again: the reason is said in one place.
    verify: (signed, seq) => (held.delete(idOf(signed, seq)) ? readGrant(signed) : plain.verify(signed, seq)),
  };
}

const idOf = ({ kid, signature, bytes }: SignedGrant, seq?: number) => `${seq}\n${kid}\n${signature}\n${bytes}`;

function holds({ bytes, signature }: SignedGrant, key: KeyObject): Promise<boolean> {
  return new Promise((resolve) => {
    verify(null, grantMessage(bytes), key, Buffer.from(signature, 'base64'), (error, result) =>
      resolve(error === null && result),
    );
  });
}
