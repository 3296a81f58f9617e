import type { Db } from '../schema.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { IdempotencyKey, KeyMismatch, Made } from '../../../ports/idempotency.js';
import { KeyMismatched, once } from '../jobs/idempotency.js';

/** What a statement that takes the key made, or the answer that is kept under it. */
export async function madeOnce<T>(
  db: Db,
  key: IdempotencyKey,
  make: () => Promise<{ readonly answer: string } | undefined>,
  read: (answer: string) => T,
): Promise<Result<Made<T>, KeyMismatch>> {
  try {
    const { made, repeated } = await once<string>(
      db,
      key,
      async () => (await make())?.answer,
      ({ answer }) => Promise.resolve(answer ?? undefined),
    );
    return ok({ made: read(made), repeated });
  } catch (error) {
    if (error instanceof KeyMismatched) return fail(error.failure);
    throw error;
  }
}
