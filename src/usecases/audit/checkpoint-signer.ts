import { checkpointBody } from '../../domain/checkpoint.js';
import type { CheckpointedLog } from '../../domain/checkpointed-log.js';
import type { CheckpointSigner, CheckpointSink } from '../../ports/checkpoints.js';

interface SignerContext {
  readonly checkpoints: CheckpointSigner;
  readonly sinks: readonly CheckpointSink[];
  readonly log: (message: string) => void;
  readonly clock: () => number;
}

/** A checkpoint is signed after so many events, or so long after the first one that has none, or when no more come (milliseconds). */
const MOST_EVENTS = 1000;
const LONGEST_MS = 60_000;
const IDLE_MS = 3000;
/** So often a sink that failed is tried again (milliseconds). */
const RETRY_MS = 10_000;

/** What is known of the checkpoints of this process, for health and doctor. */
export interface CheckpointState {
  /** Events under the newest checkpoint that every sink has; 0 for none. */
  readonly size: number;
  /** How long the oldest event without such a checkpoint has been waiting (milliseconds); 0 where none waits. */
  readonly waitingMs: number;
  /** The sinks that do not take the newest checkpoint. */
  readonly failing: readonly string[];
}

/** Signs the head of a log that grows, when it is time, and delivers each checkpoint to every sink. `follow` adds what was chained since. */
export function checkpointSigner(
  context: SignerContext,
  known: CheckpointedLog,
  signedSize: number,
  follow: () => Promise<number>,
) {
  const { sinks, clock } = context;
  let signed = signedSize;
  let waitingSince: number | undefined = known.size > signed ? clock() : undefined;
  let lastAdded = clock();
  /** Of each sink that has to take a note still: the newest one, and when it is tried next. */
  const owed = new Map<CheckpointSink, { readonly note: string; readonly tryAt: number }>();
  let keptSize = signedSize;

  const deliver = async (now: boolean) => {
    for (const [sink, { note, tryAt }] of owed) {
      if (!now && clock() < tryAt) continue;
      try {
        await sink.keep(note);
        owed.delete(sink);
      } catch (error) {
        context.log(`${sink.name} does not take the checkpoint, which is tried again: ${(error as Error).message}`);
        owed.set(sink, { note, tryAt: clock() + RETRY_MS });
      }
    }
    if (owed.size === 0) {
      keptSize = signed;
      waitingSince = known.size > signed ? (waitingSince ?? clock()) : undefined;
    }
  };

  const sign = async () => {
    const checkpoint = known.checkpoint();
    if (!checkpoint || checkpoint.size === signed) return deliver(true);
    const note = context.checkpoints.signCheckpoint(checkpointBody(checkpoint));
    for (const sink of sinks) owed.set(sink, { note, tryAt: 0 });
    signed = checkpoint.size;
    return deliver(true);
  };

  return {
    /** Reads what was chained, and signs where it is time. Called again and again. */
    async step(): Promise<void> {
      if ((await follow()) > 0) {
        lastAdded = clock();
        waitingSince ??= clock();
      }
      const unsigned = known.size - signed;
      const due =
        unsigned >= MOST_EVENTS ||
        (unsigned > 0 && (clock() - (waitingSince ?? clock()) >= LONGEST_MS || clock() - lastAdded >= IDLE_MS));
      await (due ? sign() : deliver(false));
    },
    /** The last of this process: what was chained by now gets its checkpoint. */
    async end(): Promise<void> {
      await follow();
      await sign();
    },
    state: (): CheckpointState => ({
      size: keptSize,
      waitingMs: waitingSince === undefined ? 0 : Math.round(clock() - waitingSince),
      failing: [...owed.keys()].map(({ name }) => name),
    }),
  };
}
