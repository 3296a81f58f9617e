import { parseCheckpoint, type SignedCheckpoint } from '../../domain/checkpoint.js';
import { checkpointedLog, type CheckpointedLog, type Divergence } from '../../domain/checkpointed-log.js';
import { checkpointSigner } from './checkpoint-signer.js';
import { SettingsFault } from '../../platform/settings-fault.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { CheckpointSigner, CheckpointSink, CheckpointVerifier } from '../../ports/checkpoints.js';
import type { RestoreVerifier } from '../../ports/restores.js';

/** What `authority` needs to sign checkpoints. */
export interface CheckpointContext {
  readonly audit: Pick<AuditLog, 'chained'>;
  readonly checkpoints: CheckpointSigner & CheckpointVerifier & RestoreVerifier;
  readonly sinks: readonly CheckpointSink[];
  /** Those that the file of public keys has of revoked keys: the log must fit them, whoever signed them. */
  readonly trusted: readonly SignedCheckpoint[];
  readonly log: (message: string) => void;
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number;
}

const STEP = 1000;

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
 * @throws LogDiverged where a checkpoint does not fit, and no signed restore from a backup explains it
 */
export async function beginCheckpoints(context: CheckpointContext) {
  const kept = await keptCheckpoints(context);
  const known = checkpointedLog(kept, context.checkpoints.verifyRestore);
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
  return checkpointSigner(context, known, kept.at(-1)?.size ?? 0, () => follow(context, known));
}

async function keptCheckpoints({
  sinks,
  trusted,
  checkpoints,
  log,
}: CheckpointContext): Promise<readonly SignedCheckpoint[]> {
  const found = new Map(trusted.map((checkpoint) => [checkpoint.body, checkpoint]));
  for (const sink of sinks)
    for (const note of await sink.kept()) {
      const checkpoint = parseCheckpoint(note);
      if (checkpoint && checkpoints.verifyCheckpoint(checkpoint) === 'signed') found.set(checkpoint.body, checkpoint);
      else log(`${sink.name} holds a checkpoint that no key of this installation signed; it is ignored`);
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
