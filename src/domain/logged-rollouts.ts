import type { AuditEvent } from './audit.js';
import { canonicalJson } from './canonical.js';
import { signedProblem, type GrantedKeyProof, type RegisteredKey } from './decision-proof.js';
import { isProof, isTexts } from './event-shape.js';
import { approvedRollout, type Grant } from './grant.js';
import type { JudgedEvent } from './judged-time.js';
import type { LoggedKeys } from './logged-keys.js';
import { resumeMessage, rolloutProofProblem } from './rollout-decision.js';
import type { RolloutGrant, SignedRolloutGrant } from './rollout-grant.js';
import type { Declaration } from './rollouts/declaration.js';
import { approvalsForList } from './rollouts/limits.js';
import { approvalsToResume, isSameResume } from './rollouts/resume.js';
import { splitWaves, waveAt } from './rollouts/split.js';
import type { Result } from './result.js';
import { timeIn } from './time.js';

/** Judges the grant of a rollout; `seq` is the event of the audit log in which it stands. */
export type VerifyRolloutGrant = (
  signed: SignedRolloutGrant,
  seq?: number,
) => Result<RolloutGrant, { readonly why: string }>;

/** A rollout that was approved, as the log has it so far. */
interface Approved {
  readonly grant: RolloutGrant;
  readonly begun: Set<number>;
  proved: number;
  /** Waves of which a job has fixed something. */
  readonly fixed: Set<number>;
  /** Gates that a resume opened: wave and code. */
  readonly passed: Set<string>;
}

interface SignedResume {
  readonly person: { readonly id: string; readonly name?: unknown };
  readonly decidedAt: string;
  readonly reasonSha256: string;
  readonly ends: readonly string[];
  readonly exclude: readonly number[];
  readonly proof: GrantedKeyProof | { readonly kind: 'token' };
}

type Data = AuditEvent['data'];
type Texts = Readonly<Record<string, string>>;

/**
 * Verifies, event by event, what the log says about rollouts: that their grants and approvals hold, that jobs were started within them,
 * that waves began in order, and that resumes are what people signed. Events of an earlier version carry no approvals of a resume: those
 * of a grant without `needed` are not judged by them.
 */
export function loggedRollouts(verify: VerifyRolloutGrant, keys: LoggedKeys) {
  const submitted = new Map<string, { readonly sha256: string; readonly requester: string }>();
  const approved = new Map<string, Approved>();
  const children = new Map<string, { readonly of: Approved; readonly wave: number }>();
  /** The pauses of `authority`, by id, with the gate that each is, and those of persons. */
  const gates = new Map<string, string>();
  const persons = new Set<string>();

  const keyOf = ({ registration }: GrantedKeyProof, at: number): RegisteredKey | undefined =>
    keys.byId(registration, at);

  function approve(seq: number, data: Data): readonly string[] {
    const { rollout = '', jti = '', grant: bytes = '', signature = '', kid = '' } = data as Texts;
    const signed = verify({ jti, rollout, bytes, signature, kid }, seq);
    if (!signed.ok) return [`the rollout has no valid grant: ${signed.error.why}`];
    const grant = signed.value;
    const { requestSha256, root, count, requester, approvals } = grant;
    if (grant.jti !== jti || grant.rollout !== rollout) return ['the rollout has no valid grant: it is another one'];
    if (requestSha256 !== data.rolloutSha256 || root !== data.root || count !== data.count)
      return ['the grant is for another list'];
    if (approved.has(rollout)) return ['the rollout had a grant before'];
    approved.set(rollout, { grant, begun: new Set(), proved: 0, fixed: new Set(), passed: new Set() });
    const asked = submitted.get(rollout);
    if (asked?.sha256 !== requestSha256 || asked.requester !== requester.id)
      return ['nobody submitted the rollout that was approved'];
    const people = new Set(approvals.map(({ person }) => person.id));
    const enough = people.size === approvals.length && people.size >= approvalsForList(count, grant.needed ?? 1);
    if (!enough || people.has(requester.id)) return ['the grant does not name the approvers that it needs'];
    return approvals.flatMap(({ person, proof, reasonSha256, decidedAt }) => {
      if (proof.kind !== 'key') return [];
      const facts = approvedRollout({ id: rollout, requestSha256, root, count }, reasonSha256, proof);
      const problem = rolloutProofProblem(proof, facts, person.id, keyOf(proof, timeIn(decidedAt, Infinity)));
      return problem === undefined ? [] : [`the decision of ${person.name} is not what they signed: ${problem}`];
    });
  }

  /** A job is started under the grant of its rollout, in a wave that has begun. */
  function start(grant: Grant, job: string): readonly string[] {
    const { rollout } = grant;
    if (!rollout) return [];
    const of = approved.get(rollout.id);
    if (of?.grant.jti !== rollout.grant) return ['the grant is of a rollout that nobody approved'];
    children.set(job, { of, wave: rollout.wave });
    const parent = of.grant;
    if (!isChildOf(grant, parent)) return ['the grant is another one than its rollout allows'];
    if (grant.executeBy > parent.until) return ['the grant ends after its rollout'];
    if (waveAt(wavesOf(parent), rollout.position) !== rollout.wave) return ['the grant is of another wave'];
    return of.begun.has(rollout.wave) ? [] : ['the grant is of a wave that had not begun'];
  }

  function beginWave({ rollout = '' }: Texts, wave: unknown): readonly string[] {
    const of = approved.get(rollout);
    if (!of) return ['a wave began of a rollout that nobody approved'];
    if (wave !== of.proved || of.begun.has(wave)) return ['the wave began out of order'];
    of.begun.add(wave);
    const asks = wavesOf(of.grant)[wave]?.approval === true;
    return asks && !of.passed.has(`${wave} approval-due`) ? ['the wave began without its approval'] : [];
  }

  function proveWave({ rollout = '' }: Texts, wave: unknown): readonly string[] {
    const of = approved.get(rollout);
    if (!of) return ['a wave was proved of a rollout that nobody approved'];
    if (wave !== of.proved) return ['the wave was proved out of order'];
    of.proved += 1;
    const holds = of.fixed.has(wave) || of.passed.has(`${wave} wave-not-proved`);
    return holds ? [] : ['no job of the wave has fixed anything, and nobody resumed without that'];
  }

  function pause(writer: string, { pause: id, stop, code, wave }: Data): readonly string[] {
    if (writer === 'fixpoint_authority' && typeof id === 'string')
      gates.set(id, typeof wave === 'number' ? `${wave} ${typeof code === 'string' ? code : ''}` : '');
    else if (writer === 'fixpoint_api' && typeof stop === 'string') persons.add(stop);
    return [];
  }

  function resume(data: Data): readonly string[] {
    const of = approved.get((data as Texts).rollout ?? '');
    if (!of) return ['is about a rollout that nobody approved'];
    const { ends, exclude, approvals } = data;
    if (!isTexts(ends) || !isNumbers(exclude)) return ['has pauses or items that are none'];
    const problem = resumeProblem(of.grant, { ends, exclude }, data.grant, approvals);
    if (problem !== undefined) return [problem];
    for (const id of ends) of.passed.add(gates.get(id) ?? '');
    return [];
  }

  function resumeProblem(
    grant: RolloutGrant,
    said: Pick<SignedResume, 'ends' | 'exclude'>,
    jti: unknown,
    approvals: unknown,
  ): string | undefined {
    if (approvals === undefined) return grant.needed === undefined ? undefined : 'the resume has no approvals';
    if (!Array.isArray(approvals) || !approvals.every(isSignedResume)) return 'has an approval that is none';
    const same = jti === grant.jti && approvals.every((each) => isSameResume(each, said));
    if (!same) return 'an approval is that of another resume';
    const people = new Set(approvals.map(({ person }) => person.id));
    const gate = said.exclude.length > 0 || said.ends.some((id) => gates.has(id) || !persons.has(id));
    const enough = people.size >= (gate ? approvalsToResume(grant) : 1);
    if (!enough || (gate && people.has(grant.requester.id)))
      return 'the resume does not name the approvers that it needs';
    return approvals.every((each) => resumeHolds(grant, each)) ? undefined : 'the resume is not what was signed';
  }

  function resumeHolds({ rollout, jti }: RolloutGrant, { ends, exclude, reasonSha256, ...by }: SignedResume): boolean {
    const { proof, person, decidedAt } = by;
    if (proof.kind !== 'key') return true;
    const message = resumeMessage({ rollout, grant: jti, ends, exclude, reasonDigest: reasonSha256 }, proof);
    return signedProblem(proof, message, person.id, keyOf(proof, timeIn(decidedAt, Infinity))) === undefined;
  }

  function reject({ event: { data, actor }, at }: JudgedEvent): readonly string[] {
    const { rollout = '', rolloutSha256: request = '', root = '', reasonSha256: reasonDigest } = data as Texts;
    const proof = data.proof as GrantedKeyProof | { readonly kind: string } | undefined;
    // Of a version that did not write what was signed.
    if (reasonDigest === undefined || proof?.kind !== 'key') return [];
    if (submitted.get(rollout)?.sha256 !== request) return ['nobody submitted the rollout that was rejected'];
    const signed = proof as GrantedKeyProof;
    const { executeBy, onFailure } = signed;
    const count = data.count as number;
    const facts = { rollout, request, root, count, decision: 'reject', reasonDigest, executeBy, onFailure } as const;
    const problem = rolloutProofProblem(signed, facts, actor.id, keyOf(signed, at));
    return problem === undefined ? [] : [`the decision of ${actor.name} is not what they signed: ${problem}`];
  }

  return {
    /** What is wrong with an event; `grant` is that of an approval, verified. */
    problems(one: JudgedEvent, writer: string, grant?: Grant): readonly string[] {
      const { action, data, actor, job } = one.event;
      if (grant !== undefined) return start(grant, job ?? '');
      switch (action) {
        case 'rollout.submitted': {
          const { rollout = '', rolloutSha256: sha256 = '' } = data as Texts;
          if (!submitted.has(rollout)) submitted.set(rollout, { sha256, requester: actor.id });
          return [];
        }
        case 'rollout.approved':
          return approve(one.seq, data);
        case 'rollout.rejected':
          return reject(one);
        case 'rollout.paused':
          return pause(writer, data);
        case 'rollout.resumed':
          return resume(data);
        case 'rollout.wave-started':
          return beginWave(data as Texts, data.wave);
        case 'rollout.wave-proved':
          return proveWave(data as Texts, data.wave);
        case 'job.succeeded': {
          const child = children.get(job ?? '');
          if (data.outcome === 'fixed') child?.of.fixed.add(child.wave);
          return [];
        }
        default:
          return [];
      }
    },
  };
}

const wavesOf = ({ declaration, count }: RolloutGrant) =>
  splitWaves((declaration as unknown as Declaration).waves, count);

/** Whether a grant says what that of its rollout does. */
function isChildOf(child: Grant, parent: RolloutGrant): boolean {
  const { requestSha256, root, count } = child.rollout ?? {};
  const said = { requestSha256, root, count, ...shared(child) };
  const { requestSha256: request, root: of, count: many } = parent;
  return canonicalJson(said) === canonicalJson({ requestSha256: request, root: of, count: many, ...shared(parent) });
}

const shared = ({ runbook, requester, approvals, onFailure }: Grant | RolloutGrant) => ({
  ...{ runbook, requester, approvals, onFailure },
});

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');

function isSignedResume(value: unknown): value is SignedResume {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { person, decidedAt, reasonSha256, ends, exclude, proof } = value as Readonly<Record<string, unknown>>;
  const known = typeof person === 'object' && person !== null && typeof (person as Texts).id === 'string';
  const texts = typeof decidedAt === 'string' && typeof reasonSha256 === 'string';
  return known && texts && isTexts(ends) && isNumbers(exclude) && isProof(proof);
}
