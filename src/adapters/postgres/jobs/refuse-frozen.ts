import { utcText } from '../../../domain/time.js';
import type { SubmissionFailure } from '../../../ports/submissions.js';
import type { Db } from '../schema.js';

/** A submission that is refused: the transaction around it is lost. */
export class Refused extends Error {
  readonly failure: SubmissionFailure;

  constructor(failure: SubmissionFailure) {
    super(failure.kind);
    this.name = 'Refused';
    this.failure = failure;
  }
}

/** Nothing where nothing is frozen: the freeze may end between the statement that found it and this one. */
export async function refuseFrozen(db: Db): Promise<void> {
  const frozen = await db.selectFrom('global_freeze').selectAll().executeTakeFirst();
  if (!frozen) return;
  throw new Refused({ kind: 'frozen', by: frozen.by_name, at: utcText(frozen.at), reason: frozen.reason });
}
