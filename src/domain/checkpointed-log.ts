import { parseEvent, type ChainedEvent } from './audit.js';
import { eventLeaf, originOf, restoresOf, type Checkpoint } from './checkpoint.js';
import { linkHashes } from './link-hashes.js';
import { growingTree, type Hash } from './merkle.js';
import { signedRestoreIn, type VerifyRestore } from './restore-statement.js';

/** A kept checkpoint that the log does not fit. */
export interface Divergence {
  readonly checkpoint: Checkpoint;
  /** `missing`: the log ends before it; `different`: other events stand there. */
  readonly how: 'missing' | 'different';
  /** The event that says so, signed: a restore from a backup that was made before the checkpoint. */
  readonly restoredBy?: number;
}

/** A log as it is read, event by event, beside the checkpoints that were kept of it. */
export interface CheckpointedLog {
  readonly size: number;
  /** How many events say that a backup was restored, signed or not. */
  readonly restores: number;
  add(link: ChainedEvent): void;
  /** The head so far; undefined of an empty log. */
  checkpoint(): Checkpoint | undefined;
  /** What was kept and does not fit, by size. Asked for when the whole log was added. */
  divergences(): readonly Divergence[];
}

/** An event that says that a backup was restored; one that nobody signed, or about another log, says nothing of where it ended. */
interface Restore {
  readonly seq: number;
  readonly backupEndsAt?: number;
}

/**
 * @param kept checkpoints whose signatures were verified
 * @param verifyRestore without it no restore explains anything
 */
export function checkpointedLog(
  kept: readonly Checkpoint[],
  verifyRestore: VerifyRestore = () => false,
): CheckpointedLog {
  const tree = growingTree();
  const roots = new Map<number, Hash | undefined>(kept.map(({ size }) => [size, undefined]));
  const restores: Restore[] = [];
  let first: string | undefined;
  /** Only a checkpoint that does not fit is explained by a restore. */
  let hashes = kept.length > 0 ? linkHashes() : undefined;

  function restoreIn(link: ChainedEvent): Restore | undefined {
    // A look at the text is enough for nearly all of them.
    const event = link.event.includes('"record.restored"') ? parseEvent(link.event) : undefined;
    if (event?.action !== 'record.restored') return undefined;
    const said = hashes && signedRestoreIn(event, restores.length);
    const { seq, hash = '' } = said?.head ?? {};
    // The backup is one of this very log, up to that event.
    const ownHead = seq !== undefined && (seq === 0 ? '' : hashes?.at(seq)) === hash;
    if (said === undefined || !ownHead || !verifyRestore(said, link.seq)) return { seq: link.seq };
    return { seq: link.seq, backupEndsAt: seq };
  }

  /** The restore that ended the log of a checkpoint, where its backup was made before it. */
  function restoredBy({ origin, size }: Checkpoint): number | undefined {
    const number = restoresOf(origin) ?? -1;
    const { seq, backupEndsAt = Infinity } = restores[number] ?? {};
    // A backup without events holds nothing of the log of before, not even its name.
    const sameLog = backupEndsAt === 0 || (first !== undefined && originOf(first, number) === origin);
    return sameLog && backupEndsAt < size ? seq : undefined;
  }

  return {
    get size() {
      return tree.size;
    },
    get restores() {
      return restores.length;
    },
    add(link) {
      first ??= link.hash;
      tree.add(eventLeaf(link));
      if (roots.has(tree.size)) roots.set(tree.size, tree.root());
      const restore = restoreIn(link);
      if (restore) restores.push(restore);
      hashes?.add(link.hash);
    },
    checkpoint: () =>
      first === undefined
        ? undefined
        : { origin: originOf(first, restores.length), size: tree.size, root: tree.root() },
    divergences() {
      // A log that is read on afterwards may be long, and is compared once.
      hashes = undefined;
      return kept
        .filter(({ origin, size, root }) => {
          const number = restoresOf(origin) ?? 0;
          const same = first !== undefined && originOf(first, number) === origin;
          return !same || !roots.get(size)?.equals(root);
        })
        .map((checkpoint) => {
          const seq = restoredBy(checkpoint);
          const how = checkpoint.size > tree.size ? ('missing' as const) : ('different' as const);
          return { checkpoint, how, ...(seq === undefined ? {} : { restoredBy: seq }) };
        })
        .sort((a, b) => a.checkpoint.size - b.checkpoint.size);
    },
  };
}
