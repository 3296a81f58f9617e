import { labelledDigest } from '../../domain/digest.js';
import { targetChangesDigest, targetsNamed } from '../../domain/target-change.js';
import type { Target } from '../../domain/target.js';
import { uuidOf } from '../../domain/uuid.js';
import type { Client } from '../api/client.js';
import { Refusal } from '../api/refusal.js';
import { Unchecked } from '../api/types.js';
import type { Io } from '../io.js';
import { usage } from '../terminal.js';
import { show, signed, tell, type Said } from './ask.js';
import { targetContent, type ShownChange } from './content.js';

/** What a command that changes the inventory is told for the case that two people change it. */
export type Asking = Partial<Said>;

/** Whether a refusal says that two people change the inventory. */
export const needsAdmission = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'admission-required';

/** Does it at once where one person may; else asks for it. */
export async function orAsk(atOnce: () => Promise<void>, ask: () => Promise<void>): Promise<void> {
  try {
    await atOnce();
  } catch (error) {
    if (!needsAdmission(error)) throw error;
    await ask();
  }
}

/** Members of a target as they are signed: the API takes `settings` as nothing where they are not given. */
const whole = (id: string, members: object): Target => ({ settings: {}, ...members, id }) as unknown as Target;

/** The change of one target: a new one, or one that the inventory has, over the form that counts for it now. */
export async function changeOf(client: Client, known: { readonly id: string } | undefined, members: object) {
  if (!known) {
    // Made of what it says, so that a script that asks twice asks for the same.
    const id = uuidOf(labelledDigest('fixpoint-new-target-v1', members));
    return { id, before: null, current: null, after: whole(id, members) };
  }
  const now = await client.get('/v1/targets/{id}/admission', { path: { id: known.id } });
  return { id: known.id, before: now.sha256, current: now.target as Target | null, after: whole(known.id, members) };
}

/** Asks that these targets count, after the person saw what is changed. */
export async function askForTargets(
  io: Io,
  made: readonly (Omit<ShownChange, 'after'> & { readonly after: Target })[],
  said: Asking,
): Promise<void> {
  const { reason, digest, ...key } = needReason(said);
  const changes = made.map((change) => ({ ...change, id: change.after.id }));
  const about = targetsNamed(changes.map(({ after }) => after.name));
  const content = targetContent(changes);
  if (!(await show(io, about, content, digest, 'Ask for it?')))
    return io.print({ asked: false }, 'Nothing was asked for.');
  const facts = { kind: 'admit-targets', about, contentDigest: content.digest, decision: 'request', reason } as const;
  const targets = changes.map(({ id, before, after: { id: _, ...target } }) => ({ id, before, target }));
  const body = { targets, reason, ...(await signed(facts, key)) };
  tell(io, await io.client().post('/v1/targets:admit', { body: new Unchecked(body) }));
}

/** Removes a target, signed. */
export async function askForRemoval(io: Io, known: Pick<Target, 'id' | 'name'>, said: Asking): Promise<void> {
  const { reason, digest: _, ...key } = needReason(said);
  const { sha256: before } = await io.client().get('/v1/targets/{id}/admission', { path: { id: known.id } });
  const contentDigest = targetChangesDigest([{ id: known.id, before, after: null }]);
  const facts = { kind: 'remove-targets', about: known.name, contentDigest, decision: 'request', reason } as const;
  const body = { targets: [{ id: known.id, before }], reason, ...(await signed(facts, key)) };
  tell(io, await io.client().post('/v1/targets:remove', { body }));
}

function needReason({ reason, ...said }: Asking): Said {
  if (reason === undefined) throw usage('In production two people change the inventory. Say why with --reason.');
  return { reason, ...said };
}
