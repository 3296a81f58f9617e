import type { Code } from '../../../domain/codes/index.js';
import type { RolloutEnding, RolloutRecord } from '../../../ports/rollouts.js';
import { serviceEvent } from '../../facts.js';
import type { RolloutAuthority } from './context.js';
import type { Running } from './running.js';

/** A pause that holds until a person ends it; one for the same reason that nobody has ended is not written again. */
export async function pause(
  context: RolloutAuthority,
  record: RolloutRecord,
  run: Running | undefined,
  code: Code,
  wave: number | undefined,
  items: readonly number[],
): Promise<false> {
  const { rollout, stops } = record;
  const ended = new Set(run?.resumes.flatMap(({ ends }) => ends));
  const isThere = stops.some((stop) => stop.kind === 'pause' && stop.code === code && !ended.has(stop.id));
  if (!isThere) {
    const id = context.newId();
    const about = wave === undefined ? {} : { wave };
    const data = { rollout: rollout.id, pause: id, code, items, ...about };
    const event = serviceEvent(context.newId, 'authority', 'rollout.paused', undefined, { outcome: 'denied', data });
    await context.rollouts.stop({ id, rollout: rollout.id, kind: 'pause', items, code, ...about }, event);
  }
  await showStatus(context, record, 'paused');
  return false;
}

/** An item that is not what was approved any more is never started; the others are not held up by it. */
export async function leaveOut(
  context: RolloutAuthority,
  { rollout }: RolloutRecord,
  code: Code,
  wave: number,
  items: readonly number[],
): Promise<void> {
  const id = context.newId();
  const data = { rollout: rollout.id, code, items };
  const event = serviceEvent(context.newId, 'authority', 'rollout.excluded', undefined, { outcome: 'denied', data });
  await context.rollouts.stop({ id, rollout: rollout.id, kind: 'exclude', items, code, wave }, event);
}

export async function end(
  context: RolloutAuthority,
  { rollout }: RolloutRecord,
  ending: RolloutEnding,
): Promise<false> {
  const event = serviceEvent(context.newId, 'authority', 'rollout.ended', undefined, {
    data: { rollout: rollout.id, ending },
  });
  await context.rollouts.setStatus(rollout.id, 'ended', ending, event);
  return false;
}

/** What people see of where it is; nothing is decided by it. */
export const showStatus = async (
  context: RolloutAuthority,
  { rollout }: RolloutRecord,
  status: 'running' | 'paused',
) => (rollout.status === status ? undefined : context.rollouts.setStatus(rollout.id, status, undefined));

export async function mark(
  context: RolloutAuthority,
  { rollout }: RolloutRecord,
  wave: number,
  what: 'began' | 'proved',
) {
  const action = what === 'began' ? 'rollout.wave-started' : 'rollout.wave-proved';
  const event = serviceEvent(context.newId, 'authority', action, undefined, { data: { rollout: rollout.id, wave } });
  await context.rollouts.markWave(rollout.id, wave, what, event);
}
