import type { ActionRule } from '../../domain/manifest.js';
import { planDigest, resourceName } from '../../domain/plan.js';
import { listRoot } from '../../domain/rollout-list.js';
import { groupPlans, type PlanGroup } from '../../domain/rollouts/groups.js';
import { rolloutDigest } from '../../domain/rollouts/request.js';
import { count } from '../../platform/count.js';
import type { Client } from '../api/client.js';
import type { RolloutDetail } from '../api/types.js';
import { Refusal } from '../api/refusal.js';
import { visible } from '../print.js';
import { itemName } from './text.js';

export interface ListToSign {
  /** What the person sees: computed from the plans themselves. */
  readonly text: string;
  readonly root: string;
  readonly count: number;
  /** Digest of the request, computed from what was shown of it. */
  readonly request: string;
}

/**
 * The list of a rollout as it is to be decided. The plan of every item is read and its digest computed here, so that what is signed is
 * what was read.
 * @throws Refusal where the server says something about a plan, the list or the request that does not fit
 */
export async function listToSign(client: Client, rollout: RolloutDetail): Promise<ListToSign> {
  const of = { path: { id: rollout.id } };
  const { list, root, planning, notRepeatable } = await client.get('/v1/rollouts/{id}/plans', of);
  const { contentDigest, actions } = await client.get('/v1/runbooks/{id}', { path: { id: rollout.runbook.id } });
  // Of another version than the current one how its actions are grouped is not known: every change is shown by itself.
  const rules =
    contentDigest === rollout.runbook.contentDigest ? (actions as Readonly<Record<string, ActionRule>>) : {};
  const planned = [];
  for (const { index, job, plan: digest } of list) {
    const plan = await client.get('/v1/jobs/{id}/plan', { path: { id: job } });
    if (plan.job !== job || planDigest(plan) !== digest) throw changed('another plan than it lists');
    planned.push({ index, changes: plan.changes as Parameters<typeof groupPlans>[0][number]['changes'] });
  }
  const request = rolloutDigest({ ...rollout, salt: rollout.salt, declaration: rollout.declaration });
  if (listRoot(list) !== root) throw changed('another root than that of its list');
  if (request !== rollout.requestDigest) throw changed('another request than that of its digest');
  const groups = groupPlans(planned, rules);
  const left = [
    ...(planning.length > 0 ? [`Not planned, and left out for good: ${namesOf(rollout, planning)}`] : []),
    ...(notRepeatable.length > 0 ? [`Not repeatable, and left out: ${namesOf(rollout, notRepeatable)}`] : []),
  ];
  const text = [...groups.map((group) => groupText(rollout, group)), ...left].join('\n\n');
  return { text, root, count: list.length, request };
}

const changed = (what: string) =>
  new Refusal({ code: 'list-changed', title: `The server sent ${what}. Nothing was decided.` });

function groupText(rollout: RolloutDetail, { kinds, items }: PlanGroup): string {
  const lines = kinds.map(({ action, class: of, risk, fields, least, most }) => {
    const { resource, ...others } = fields as Readonly<Record<string, unknown>>;
    const about = typeof resource === 'string' ? `${resourceName({ resource })} ` : '';
    const times = least === most ? (most === 1 ? '' : `, ${most} times each`) : `, ${least} to ${most} times each`;
    return `  ${visible(`${action} ${about}${JSON.stringify(others)}`)} (${of}, ${risk})${times}`;
  });
  return [`${count(items.length, 'item')}: ${namesOf(rollout, items)}`, ...lines].join('\n');
}

const SHOWN = 12;

function namesOf({ items }: RolloutDetail, indexes: readonly number[]): string {
  const names = indexes.slice(0, SHOWN).map((index) => itemName(items[index]) ?? String(index));
  return `${names.join(', ')}${indexes.length > SHOWN ? ` and ${indexes.length - SHOWN} more` : ''}`;
}
