import { isSigned, type Fact, type VerifiedGrant } from './history.js';
import type { Ledgers } from './ledgers.js';
import { isListed } from './plan-list.js';

/** The approval of a rollout, as `authority` signed it. */
export interface RolloutGrant {
  readonly rollout: string;
  readonly jti: string;
  readonly seq: number;
  readonly root: string;
  readonly count: number;
  readonly requester: string;
  readonly approvers: readonly string[];
  /** Approvals that the list needs. */
  readonly needed: number;
  /** The wave of each position of the list. */
  readonly waves: readonly number[];
  readonly budget: { readonly failed: number; readonly unreached: number };
  readonly atOnce: number;
  readonly until: number;
}

/** A list of more items needs two approvers. */
const ONE_APPROVER_ITEMS = 10;

/** The grants of rollouts whose signature holds, by rollout. */
export function readRolloutGrants(
  facts: readonly Fact[],
  { publicKeys }: Pick<Ledgers, 'publicKeys'>,
): { readonly approved: ReadonlyMap<string, RolloutGrant>; readonly invalid: readonly string[] } {
  const approved = new Map<string, RolloutGrant>();
  const invalid: string[] = [];
  for (const { action, seq, data, writer } of facts) {
    if (action !== 'rollout.approved') continue;
    const grant = JSON.parse(String(data.grant)) as Record<string, any>;
    const holds = writer === 'fixpoint_authority' && isSigned('fixpoint-rollout-grant-v1', data, publicKeys);
    const isOfEvent = grant.jti === data.jti && grant.rollout === data.rollout;
    if (!holds || !isOfEvent || approved.has(grant.rollout)) {
      invalid.push(`event ${seq}: an approval of a rollout without a valid grant of its own`);
      continue;
    }
    const { declaration, count } = grant;
    approved.set(grant.rollout, {
      ...{ rollout: grant.rollout, jti: grant.jti, seq, root: grant.root, count },
      requester: grant.requester.id,
      approvers: grant.approvals.map((approval: any) => approval.person.id as string),
      needed: Math.max(grant.needed ?? 1, count > ONE_APPROVER_ITEMS ? 2 : 1),
      waves: wavesOf(declaration.waves, count),
      ...{ budget: declaration.budget, atOnce: declaration.atOnce, until: Date.parse(grant.until) },
    });
  }
  return { approved, invalid };
}

/** A `size` is a number, or a percentage of all items that is rounded up; any other is what is left. */
function wavesOf(declared: readonly { readonly size: number | string }[], count: number): readonly number[] {
  const waves: number[] = [];
  let wave = 0;
  for (const { size } of declared) {
    const percent = /^(\d+)%$/.exec(String(size))?.[1];
    const wanted =
      typeof size === 'number' ? size : percent === undefined ? count : Math.ceil((count * Number(percent)) / 100);
    const taken = Math.min(wanted, count - waves.length);
    if (taken === 0) continue;
    for (let i = 0; i < taken; i++) waves.push(wave);
    wave += 1;
  }
  return waves;
}

/** A grant of a job under the approval of its rollout. */
export interface ItemGrant extends VerifiedGrant {
  readonly place: NonNullable<VerifiedGrant['rollout']>;
}

/** The grants of items, in the order of the log. */
export function itemGrants(grants: ReadonlyMap<string, VerifiedGrant>): readonly ItemGrant[] {
  return [...grants.values()].flatMap((grant) => (grant.rollout ? [{ ...grant, place: grant.rollout }] : []));
}

/** Why the grant of an item is none that people approved; undefined where it is one. */
export function itemGrantProblem(grant: ItemGrant, of: RolloutGrant | undefined): string | undefined {
  const { place, job, plan, approvers, seq } = grant;
  if (of?.jti !== place.grant || of.seq > seq) return 'of a rollout that nobody approved';
  if (place.root !== of.root || place.count !== of.count) return 'of another list than was approved';
  if (!isListed({ index: place.index, job, plan }, place)) return 'for a plan that is not in the approved list';
  if (of.waves[place.position] !== place.wave) return 'of another wave';
  if (grant.executeBy > of.until) return 'that ends after its rollout';
  const isSame = approvers.length === of.approvers.length && approvers.every((who) => of.approvers.includes(who));
  return isSame ? undefined : 'with other approvers than its rollout has';
}
