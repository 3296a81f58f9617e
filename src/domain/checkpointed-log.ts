import { parseEvent, type ChainedEvent } from './audit.js';
import { eventLeaf, originOf, restoresOf, type Checkpoint } from './checkpoint.js';
import { growingTree, type Hash } from './merkle.js';

/** A kept checkpoint that the log does not fit. */
export interface Divergence {
  readonly checkpoint: Checkpoint;
  /** `missing`: the log ends before it; `different`: other events stand there. */
  readonly how: 'missing' | 'different';
  /** The event that says so: a restore from a backup that was made before the checkpoint. */
  readonly restoredBy?: number;
}

/** A log as it is read, event by event, beside the checkpoints that were kept of it. */
export interface CheckpointedLog {
  readonly size: number;
  add(link: ChainedEvent): void;
  /** The head so far; undefined of an empty log. */
  checkpoint(): Checkpoint | undefined;
  /** What was kept and does not fit, by size. Asked for when the whole log was added. */
  divergences(): readonly Divergence[];
}

/** @param kept checkpoints whose signatures were verified */
export function checkpointedLog(kept: readonly Checkpoint[]): CheckpointedLog {
  const tree = growingTree();
  const roots = new Map<number, Hash | undefined>(kept.map(({ size }) => [size, undefined]));
  /** Of each restore in order: the event that says so, and up to which event the backup reached. */
  const restores: { readonly seq: number; readonly backupEndsAt: number }[] = [];
  let first: string | undefined;
  return {
    get size() {
      return tree.size;
    },
    add(link) {
      first ??= link.hash;
      tree.add(eventLeaf(link));
      if (roots.has(tree.size)) roots.set(tree.size, tree.root());
      if (link.event.includes('"record.restored"')) {
        const event = parseEvent(link.event);
        const { head } = (event?.data ?? {}) as { readonly head?: { readonly seq?: number } };
        if (event?.action === 'record.restored') restores.push({ seq: link.seq, backupEndsAt: head?.seq ?? 0 });
      }
    },
    checkpoint: () =>
      first === undefined
        ? undefined
        : { origin: originOf(first, restores.length), size: tree.size, root: tree.root() },
    divergences: () =>
      kept
        .filter(({ origin, size, root }) => {
          const number = restoresOf(origin) ?? 0;
          const same = first !== undefined && originOf(first, number) === origin;
          return !same || !roots.get(size)?.equals(root);
        })
        .map((checkpoint) => {
          // The restore that ended the log of this checkpoint, where it began before it.
          const restore = restores[restoresOf(checkpoint.origin) ?? -1];
          const explained = restore !== undefined && restore.backupEndsAt < checkpoint.size;
          const how = checkpoint.size > tree.size ? ('missing' as const) : ('different' as const);
          return { checkpoint, how, ...(explained ? { restoredBy: restore.seq } : {}) };
        })
        .sort((a, b) => a.checkpoint.size - b.checkpoint.size),
  };
}
