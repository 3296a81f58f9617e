import { fits, type Change, type Made } from './changes.js';
import { compact, type Fact, type VerifiedGrant } from './history.js';

/** An intent is committed before `executeBy`; its effect may come a moment later. */
const EXPIRY_SLACK_MS = 3000;

/** Each effect is one of an approved plan: a valid grant of other people, used and intended before, not over. */
export function findUnapproved(
  effects: readonly Made[],
  facts: readonly Fact[],
  grants: ReadonlyMap<string, VerifiedGrant>,
  plans: ReadonlyMap<string, readonly Change[]>,
): string[] {
  const problems: string[] = [];
  const uses = new Map<string, string>();
  const cancelled = new Set<string>();
  for (const { action, job, data, seq } of facts) {
    if (action === 'job.cancel-requested') cancelled.add(job);
    // What was made may still be put back; nothing new is begun.
    if (action === 'change.intent' && data.direction !== 'undo' && cancelled.has(job)) {
      problems.push(`event ${seq}: a change was begun after its job was cancelled`);
    }
    if (action === 'grant.used') {
      const known = uses.get(data.jti);
      if (known !== undefined) problems.push(`event ${seq}: a grant was used twice`);
      uses.set(data.jti, job);
    }
    if (action === 'change.intent' && uses.get(data.jti) !== job)
      problems.push(`event ${seq}: an intent without the use of its grant`);
  }
  for (const { requester, approvers, job, jti } of grants.values()) {
    if (approvers.includes(requester)) problems.push(`job ${job}: its requester approved it`);
    if (approvers.length === 0) problems.push(`job ${job}: nobody approved grant ${jti}`);
  }
  for (const effect of effects) {
    const intents = facts.filter(
      ({ action, job, at }) => action === 'change.intent' && effect.by.includes(compact(job)) && at <= effect.at + 5,
    );
    const covering = intents.filter(({ data }) => {
      const grant = grants.get(data.jti);
      const change = grant && plans.get(grant.plan)?.find(({ id }) => id === data.change);
      return (
        grant !== undefined &&
        effect.by.includes(compact(grant.job)) &&
        change !== undefined &&
        fits(change, effect, data)
      );
    });
    const said = `${effect.word} of ${effect.job} on ${effect.object} = ${effect.value}`;
    if (covering.length === 0) problems.push(`${said}: no approved intent before it`);
    const over = covering.every(({ data }) => effect.at > (grants.get(data.jti)?.executeBy ?? 0) + EXPIRY_SLACK_MS);
    if (covering.length > 0 && over && effect.word === 'effect') problems.push(`${said}: after its grant was over`);
  }
  return problems;
}
