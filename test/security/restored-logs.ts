import type { ChainedEvent } from '../../src/domain/audit.js';
import type { Checkpoint } from '../../src/domain/checkpoint.js';
import { chain, chainOn, entriesOf, eventOf, FOREIGN, restoredEntry, type Entry, type LogSigner } from './logs.js';
import { checkpointsOf } from './tampering.js';

/** Logs of an installation that was restored from a backup, and logs that only say so, each with the checkpoints that were kept. */

export interface Restored {
  readonly links: readonly ChainedEvent[];
  readonly kept: readonly Checkpoint[];
}

const REACHES = 10;
const more = (count: number, from: number): readonly Entry[] =>
  Array.from({ length: count }, (_, n) => eventOf('api', 'freeze.on', {}, from + n));

/** What explains the checkpoints that do not fit (`true`), and what does not. */
export function restoredLogs(signer: LogSigner): Readonly<Record<string, Restored & { readonly explained: boolean }>> {
  const entries = entriesOf(3, signer);
  const before = chain(entries);
  const kept = checkpointsOf(before, 5);
  const backup = before.slice(0, REACHES);
  const head = { seq: REACHES, hash: backup.at(-1)?.hash ?? '' };
  /** The backup, what the restore wrote, and what came later. */
  const after = (...restores: readonly Entry[]) => chainOn(backup, [...more(2, 100), ...restores, ...more(3, 200)]);
  const of = (links: readonly ChainedEvent[], explained = false) => ({ links, kept, explained });
  const signed = (statement: Partial<Parameters<typeof restoredEntry>[1]> = {}, data: object = {}) =>
    restoredEntry(signer, { head, restores: 0, ...statement }, 150, data);
  const once = after(signed());
  const lived = chainOn(once, more(12, 300));
  /** Kept of the log of before and of the one after the restore. */
  const keptOfBoth = [...kept, ...checkpointsOf(lived, 5).filter(({ size }) => size > REACHES)];
  const lived0 = (explained: boolean, ...restores: readonly Entry[]) => ({
    links: chainOn(lived.slice(0, 15), [...restores, ...more(1, 400)]),
    kept: keptOfBoth,
    explained,
  });
  const second = { seq: 15, hash: lived[14]?.hash ?? '' };
  const other = chain([...more(1, 500), ...entries]);
  const otherHead = { seq: REACHES, hash: other[REACHES - 1]?.hash ?? '' };
  const empty = { seq: 0, hash: '' };
  return {
    'a restore that was signed': of(once, true),
    'a restore that was signed, and a long life after it': { links: lived, kept: keptOfBoth, explained: true },
    'a second restore': lived0(true, signed({ head: second, restores: 1 })),
    'a restore from a backup without events': of(chain([...more(2, 1), signed({ head: empty }), ...more(3, 9)]), true),
    'a made-up restore alone': of(chain([restoredEntry(FOREIGN, { head: empty, restores: 0 }, 1, { signature: '' })])),
    'a restore that nobody signed': of(after(signed({}, { signature: null, kid: null }))),
    'a restore that another key signed': of(
      after(restoredEntry({ ...FOREIGN, kid: signer.kid }, { head, restores: 0 }, 1)),
    ),
    'a restore by a key that is not pinned': of(
      after(restoredEntry({ ...FOREIGN, kid: 'other' }, { head, restores: 0 }, 1)),
    ),
    'a restore that was signed with another end': of(after(signed({}, { head: { ...head, seq: 9 } }))),
    'a signed end that is not in the log': of(after(signed({ head: { ...head, hash: 'f'.repeat(64) } }))),
    'a signed end at another place of the log': of(after(signed({ head: { ...head, seq: 9 } }))),
    'no event at all': of([]),
    'a signed end after it': of(after(signed({ head: { seq: 500, hash: head.hash } }))),
    'an end without a hash': of(after(signed({ head: { seq: REACHES, hash: '' } }))),
    'an end of number 0 with a hash': of(after(signed({ head: { seq: 0, hash: head.hash } }))),
    'an end that is none': of(after(signed({}, { head: 5 }))),
    'a first restore signed as a second one': of(after(signed({ restores: 1 }))),
    'the same restore again, after the log was cut': lived0(false, signed()),
    'a restore after one that nobody signed': of(after(signed({}, { kid: null }), signed())),
    'the restore of the log of another installation': of(
      chainOn(other.slice(0, REACHES), [signed({ head: otherHead }), ...more(30, 600)]),
    ),
    'a signature in another base64': of(
      after(
        signed({}, { signature: ` ${(JSON.parse(signed()[1]) as { data: { signature: string } }).data.signature}` }),
      ),
    ),
  };
}
