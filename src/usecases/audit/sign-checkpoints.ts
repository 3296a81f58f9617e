import { checkpointBody, parseCheckpoint, type SignedCheckpoint } from '../../domain/checkpoint.js';
import { checkpointedLog, type CheckpointedLog, type Divergence } from '../../domain/checkpointed-log.js';
import { SettingsFault } from '../../platform/settings-fault.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { CheckpointSigner, CheckpointSink, CheckpointVerifier } from '../../ports/checkpoints.js';

export interface CheckpointContext {
  readonly audit: Pick<AuditLog, 'chained'>;
  readonly checkpoints: CheckpointSigner & CheckpointVerifier;
  readonly sinks: readonly CheckpointSink[];
  readonly log: (message: string) => void;
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number;
}

const STEP = 1000;
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

/** The kept checkpoints that do not fit the log: it was cut, changed or rolled back. */
export class LogDiverged extends SettingsFault {
  constructor({ checkpoint, how }: Divergence, sinks: readonly string[]) {
    const there = how === 'missing' ? 'the log ends before it' : 'other events stand there now';
    super(
      `The audit log is not the one that was signed: a checkpoint over ${checkpoint.size} events is kept in ${sinks.join(', ')}, and ${there}. ` +
        'Nothing is approved. Find out who changed the database, then restore the newest backup.',
    );
  }
}

/**
 * Reads the whole log and compares it with what was kept of it outside the database.
 * @throws LogDiverged where a checkpoint does not fit, and no restore from a backup explains it
 */
export async function beginCheckpoints(context: CheckpointContext) {
  const kept = await keptCheckpoints(context);
  const known = checkpointedLog(kept);
  await follow(context, known);
  const divergences = known.divergences();
  const wrong = divergences.find(({ restoredBy }) => restoredBy === undefined);
  if (wrong)
    throw new LogDiverged(
      wrong,
      context.sinks.map(({ name }) => name),
    );
  for (const { checkpoint, restoredBy } of divergences)
    context.log(
      `event ${restoredBy} says that a restore took away what a checkpoint over ${checkpoint.size} events covers`,
    );
  return checkpointing(context, known, kept.at(-1)?.size ?? 0);
}

async function keptCheckpoints({ sinks, checkpoints, log }: CheckpointContext): Promise<readonly SignedCheckpoint[]> {
  const found = new Map<string, SignedCheckpoint>();
  for (const sink of sinks)
    for (const note of await sink.kept()) {
      const checkpoint = parseCheckpoint(note);
      if (checkpoint && checkpoints.verifyCheckpoint(checkpoint)) found.set(checkpoint.body, checkpoint);
      else log(`${sink.name} holds a checkpoint that no key of this installation signed; it is passed over`);
    }
  return [...found.values()].sort((a, b) => a.size - b.size);
}

/** Adds what was chained since; how many events that were. */
async function follow({ audit }: CheckpointContext, known: CheckpointedLog): Promise<number> {
  for (let added = 0; ;) {
    const links = await audit.chained(known.size, STEP);
    for (const link of links) {
      if (link.seq !== known.size + 1) throw new Error(`the chain has no event ${known.size + 1}`);
      known.add(link);
    }
    added += links.length;
    if (links.length < STEP) return added;
  }
}

function checkpointing(context: CheckpointContext, known: CheckpointedLog, signedSize: number) {
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
      if ((await follow(context, known)) > 0) {
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
      await follow(context, known);
      await sign();
    },
    state: (): CheckpointState => ({
      size: keptSize,
      waitingMs: waitingSince === undefined ? 0 : Math.round(clock() - waitingSince),
      failing: [...owed.keys()].map(({ name }) => name),
    }),
  };
}
