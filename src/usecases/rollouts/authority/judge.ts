import type { RolloutDecision } from '../../../ports/rollouts.js';
import { asKnown } from '../../as-known.js';
import { personEvent } from '../../facts.js';
import type { RolloutAuthority } from './context.js';
import { judgeList } from './judge-list.js';
import { judgeResume } from './judge-resume.js';
import { nonceOf } from './proof.js';

/** Judges one decision about a rollout. One that does not count is refused with its code, and the log says so. */
export async function judgeRolloutDecision(context: RolloutAuthority, found: RolloutDecision): Promise<void> {
  const stored = await context.rollouts.record(found.rollout);
  if (!stored) return;
  const people = await context.people.read();
  const row = asKnown(found, people);
  const record = { ...stored, decisions: stored.decisions.map((each) => asKnown(each, people)) };
  const judged =
    row.kind === 'resume' ? await judgeResume(context, record, row) : await judgeList(context, record, row);
  if (typeof judged !== 'string') {
    await context.rollouts.judge(row.id, judged);
    return;
  }
  const data = { rollout: row.rollout, decision: row.id, kind: row.kind, person: row.person.id, code: judged };
  const event = personEvent(context.newId, row.person, 'rollout.decision-refused', undefined, {
    outcome: 'denied',
    data,
  });
  await context.rollouts.judge(row.id, { status: 'refused', code: judged, ...nonceOf(row), events: [event] });
}
