import { compact, readChain, readGrants, sha256, type Fact, type VerifiedGrant } from './history.js';
import type { Ledgers, LedgerLine } from './ledgers.js';
import { findOverlaps } from './overlaps.js';
import { progressAfterKills } from './progress.js';

/** An intent is committed before `executeBy`; its effect may come a moment later. */
const EXPIRY_SLACK_MS = 3000;

export interface Verdict {
  /** Requests that change something and were answered with success. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly unapproved: number;
  readonly repeats: number;
  readonly untrue: number;
  readonly overlaps: number;
  readonly chainBreaks: number;
  readonly unknownReconciled: number;
  readonly unknownLeft: number;
  readonly jobs: number;
  readonly effects: number;
  /** Seconds from a kill until a job that was in flight shows its next event; 99th percentile. */
  readonly progressP99: number;
  readonly ok: boolean;
  readonly problems: readonly string[];
}

interface Change {
  readonly id: string;
  readonly resource: string;
  readonly after: string | null;
  readonly before: string | null;
  readonly action: string;
  readonly undoes?: string;
}

const ENDS = [
  'compliant',
  'drifted',
  'succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
  'rejected',
  'expired',
  'superseded',
  'cancelled',
  'blocked',
];
/** Where a job may rest: at its end, or with a person. */
const RESTS = [...ENDS, 'awaiting-approval', 'needs-attention'];

/**
 * Judges a run by its ledgers alone: what the API acknowledged, what the targets saw, what the audit log says. It knows the
 * documented formats and nothing of the product's inside.
 */
export function judge(ledgers: Ledgers): Verdict {
  const { facts, breaks } = readChain(ledgers.audit);
  const { grants, invalid } = readGrants(facts, ledgers);
  const plans = planBytes(ledgers);
  const effects = madeBy(ledgers);
  const lost = findLost(ledgers, facts);
  const unapproved = [...invalid, ...findUnapproved(effects, facts, grants, plans)];
  const repeats = findRepeats(effects, facts, plans);
  const untrue = findUntrue(ledgers, effects, facts, plans);
  const overlaps = findOverlaps(ledgers.lines);
  const unknown = new Set(facts.filter(({ action }) => action === 'job.unknown').map(({ job }) => job));
  const left = ledgers.jobs.filter(({ id, state }) => unknown.has(id) && !RESTS.includes(state));
  const all = [lost, unapproved, repeats, untrue, overlaps, breaks];
  return {
    acknowledged: ledgers.answers.filter(acknowledged).length,
    lost: lost.length,
    unapproved: unapproved.length,
    repeats: repeats.length,
    untrue: untrue.length,
    overlaps: overlaps.length,
    chainBreaks: breaks.length,
    unknownReconciled: unknown.size - left.length,
    unknownLeft: left.length,
    jobs: ledgers.jobs.length,
    effects: effects.length,
    progressP99: progressAfterKills(facts, ledgers.kills),
    ok: all.every((list) => list.length === 0) && left.length === 0,
    problems: all.flat(),
  };
}

function acknowledged({ method, status }: { readonly method: string; readonly status: number }): boolean {
  return method !== 'GET' && status >= 200 && status < 300;
}

function planBytes({ answers }: Ledgers): ReadonlyMap<string, readonly Change[]> {
  const plans = new Map<string, readonly Change[]>();
  for (const { plan } of answers) {
    if (plan === undefined) continue;
    plans.set(sha256(`fixpoint-plan-v1\0${plan}`), (JSON.parse(plan) as { changes: Change[] }).changes);
  }
  return plans;
}

interface Made extends LedgerLine {
  /** The jobs that may have made it: a rollback goes by the supplied values of its original, so it writes the original's id. */
  readonly by: readonly string[];
}

function madeBy({ answers, lines }: Ledgers): readonly Made[] {
  const rollbacks = new Map<string, string[]>();
  for (const { path, status, job } of answers) {
    const original = /^\/v1\/jobs\/([0-9a-f-]+)\/rollback$/.exec(path)?.[1];
    if (original === undefined || status !== 201 || job === undefined) continue;
    rollbacks.set(compact(original), [...(rollbacks.get(compact(original)) ?? []), compact(job)]);
  }
  return lines
    .filter(({ word }) => word === 'effect' || word === 'undo')
    .map((line) => ({ ...line, by: [line.job, ...(line.word === 'undo' ? (rollbacks.get(line.job) ?? []) : [])] }));
}

/** Every acknowledged request has its facts in the log; every job is there and has come to rest. */
function findLost({ answers, jobs }: Ledgers, facts: readonly Fact[]): string[] {
  const has = (job: string, actions: readonly string[], by?: string) =>
    facts.some((fact) => fact.job === job && actions.includes(fact.action) && (by === undefined || fact.actor === by));
  const lost: string[] = [];
  for (const answer of answers) {
    const { path, who, job = '' } = answer;
    if (!acknowledged(answer)) continue;
    const creates = path === '/v1/jobs' || path.endsWith('/rollback');
    if (creates && !has(job, ['job.submitted'], who)) lost.push(`job ${job} was acknowledged and is not in the log`);
    if (creates && !jobs.some(({ id, status }) => id === job && status === 200)) lost.push(`job ${job} is not there`);
    if (
      path.endsWith('/decision') &&
      !has(job, ['job.decided', 'job.rejected'], who) &&
      !has(job, ['job.decision-refused'])
    ) {
      lost.push(`a decision of ${who} on ${job} was acknowledged and is not in the log`);
    }
    if (path.endsWith('/cancel') && !has(job, ['job.cancel-requested'], who))
      lost.push(`the cancel of ${job} is not in the log`);
    if (path.endsWith('/resolve') && !has(job, ['job.resolved'], who))
      lost.push(`what ${who} resolved of ${job} is not in the log`);
  }
  for (const { id, state } of jobs) if (!RESTS.includes(state)) lost.push(`job ${id} is ${state} and goes nowhere`);
  const byKey = new Map<string, string>();
  for (const { key, who, path, job, status } of answers) {
    if (key === undefined || job === undefined || status !== 201) continue;
    const known = byKey.get(`${who} ${path} ${key}`);
    if (known !== undefined && known !== job) lost.push(`one Idempotency-Key made two jobs: ${known} and ${job}`);
    byKey.set(`${who} ${path} ${key}`, job);
  }
  return lost;
}

/** Each effect is one of an approved plan: a valid grant of other people, used and intended before, not over. */
function findUnapproved(
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

function fits(change: Change, effect: LedgerLine, intent: Fact['data']): boolean {
  if (!change.resource.endsWith(`/${effect.object}`)) return false;
  const undoing = intent.direction === 'undo';
  return (undoing ? change.before : change.after) === effect.value;
}

/** `once`: at most one effect. `ensure`: no effect without an intent of its own on record. */
function findRepeats(
  effects: readonly Made[],
  facts: readonly Fact[],
  plans: ReadonlyMap<string, readonly Change[]>,
): string[] {
  const changes = new Map([...plans.values()].flat().map((change) => [change.id, change]));
  const groups = new Map<string, Made[]>();
  for (const effect of effects) {
    const key = `${effect.job} ${effect.word} ${effect.object} ${effect.value}`;
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  const problems: string[] = [];
  for (const [key, group] of groups) {
    const [first] = group;
    if (!first) continue;
    const intents = facts.filter(({ action, job, data }) => {
      const change = changes.get(data.change);
      return (
        action === 'change.intent' &&
        first.by.includes(compact(job)) &&
        change !== undefined &&
        fits(change, first, data)
      );
    });
    const once = intents.some(({ data }) => changes.get(data.change)?.action === 'send');
    if (once && group.length > 1)
      problems.push(`${key}: a change that must not be repeated was made ${group.length} times`);
    if (group.length > Math.max(1, intents.length))
      problems.push(`${key}: ${group.length} effects, ${intents.length} intents`);
  }
  return problems;
}

/** A result that was recorded as `changed`, and a job that says `fixed`, have their effects in the ledger. */
function findUntrue(
  { jobs }: Ledgers,
  effects: readonly Made[],
  facts: readonly Fact[],
  plans: ReadonlyMap<string, readonly Change[]>,
): string[] {
  const changes = new Map([...plans.values()].flat().map((change) => [change.id, change]));
  const problems: string[] = [];
  const claimed = new Set<string>();
  for (const { action, job, data, seq } of facts) {
    if (action !== 'change.result' || data.result !== 'changed') continue;
    claimed.add(job);
    const change = changes.get(data.change);
    const made = change && effects.some((effect) => effect.by.includes(compact(job)) && fits(change, effect, data));
    if (!made)
      problems.push(
        `event ${seq}: job ${job} says that it changed ${change?.resource ?? data.change}; the target does not`,
      );
  }
  for (const { id, state, outcome } of jobs) {
    if (state === 'succeeded' && outcome === 'fixed' && !claimed.has(id))
      problems.push(`job ${id} says fixed and changed nothing`);
  }
  return problems;
}
