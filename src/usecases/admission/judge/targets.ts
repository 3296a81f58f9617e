import type { AdmissionRequest, AdmissionVote } from '../../../domain/admission-request.js';
import { canonicalJson } from '../../../domain/canonical.js';
import {
  latestAdmission,
  signedAfter,
  subjectAdmissionBytes,
  type SubjectAdmission,
} from '../../../domain/subject-admission.js';
import {
  readTargetChanges,
  targetChangesDigest,
  targetsTouched,
  type TargetChange,
} from '../../../domain/target-change.js';
import { digestOfTarget } from '../../../domain/target.js';
import type { AdmittedTarget } from '../../../ports/admissions.js';
import { serviceEvent } from '../../facts.js';
import { targetEventData, TARGET_EVENTS } from '../../inventory/target-event.js';
import type { Judge, JudgeContext, Refusal } from './context.js';
import { admittedForm } from '../admitted-form.js';
import { admittingPeople } from './person.js';

/** The inventory: targets are added and changed by two people, and removed by one. */
export const TARGETS_JUDGE: Judge = {
  async denies({ inventory, subjectAdmissions, verifier }, rights, person, { content }) {
    const changes = readTargetChanges(content);
    const ids = changes.map(({ id }) => id);
    // The row and the form that counts: a row can be altered or taken away.
    const targets = [...targetsTouched(changes, await inventory.find(ids))];
    for (const id of ids) {
      const { form } = await admittedForm(subjectAdmissions, verifier.verifySubjectAdmission, id);
      if (form) targets.push(form);
    }
    return targets.length === 0 || targets.some((target) => rights.denial({ action: 'edit-targets', person, target }));
  },
  look: async (context, request) => {
    const read = await changesOf(context, request);
    return 'code' in read ? read : undefined;
  },
  async carryOut(context, request, vote) {
    const read = await changesOf(context, request);
    if ('code' in read) return read;
    const written = await context.subjectAdmissions.admitTargets(
      read.flatMap((one, index) =>
        one.isDone ? [] : admitted(context, request, vote, one, { index, count: read.length }),
      ),
    );
    return written.ok ? undefined : { code: written.error.kind };
  },
};

interface Read {
  readonly change: TargetChange;
  /** What counts for this target now. */
  readonly latest: SubjectAdmission | undefined;
  /** It was carried out before, and the process ended before it could say so. */
  readonly isDone: boolean;
}

/**
 * The changes of a request, or why they cannot be made. What a target is compared with is the form that was admitted: a row of the
 * inventory that somebody altered is no such form, so that an honest change of another member does not carry the alteration along.
 */
async function changesOf(
  { subjectAdmissions, verifier }: JudgeContext,
  { id: request, kind, content, contentDigest }: AdmissionRequest,
): Promise<readonly Read[] | Refusal> {
  const changes = readTargetChanges(content);
  const whole =
    changes.length > 0 &&
    new Set(changes.map(({ id }) => id)).size === changes.length &&
    canonicalJson(changes) === content &&
    targetChangesDigest(changes) === contentDigest &&
    changes.every(({ id, after }) => (after === null) === (kind === 'remove-targets') && (after?.id ?? id) === id);
  if (!whole) return { code: 'version-changed', detail: 'the stored targets are not those of the request' };
  const signed = await subjectAdmissions.ofTargets(changes.map(({ id }) => id));
  const read = changes.map((change): Read => {
    const latest = latestAdmission(signed.get(change.id) ?? [], 'target', change.id, verifier.verifySubjectAdmission);
    return { change, latest, isDone: latest?.request.id === request };
  });
  const stale = read.find(({ change, latest, isDone }) => !isDone && change.before !== (latest?.sha256 ?? null));
  if (!stale) return read;
  const name = stale.latest?.name ?? stale.change.after?.name ?? stale.change.id;
  return { code: 'target-changed', detail: `${name}: another form of it was admitted after the request` };
}

function admitted(
  { newId, signer }: JudgeContext,
  request: AdmissionRequest,
  vote: AdmissionVote | undefined,
  { change: { id: subjectId, before, after }, latest }: Read,
  place: Pick<SubjectAdmission['request'], 'index' | 'count'>,
): AdmittedTarget {
  const statement: SubjectAdmission = {
    v: 1,
    id: newId(),
    subject: 'target',
    subjectId,
    name: after?.name ?? latest?.name ?? subjectId,
    sha256: after && digestOfTarget(after),
    before,
    request: { id: request.id, contentDigest: request.contentDigest ?? '', ...place },
    by: admittingPeople(request, vote),
    signedAt: signedAfter(latest, new Date()),
    kid: signer.kid,
  };
  const bytes = subjectAdmissionBytes(statement);
  const signature = signer.signSubjectAdmission(bytes);
  const { id, kid } = statement;
  const action = after === null ? TARGET_EVENTS.removed : before === null ? TARGET_EVENTS.added : TARGET_EVENTS.changed;
  const data = {
    ...targetEventData({ id: subjectId, name: statement.name }, before, statement.sha256),
    ...{ request: request.id, admission: bytes, signature, kid },
  };
  const event = serviceEvent(newId, 'authority', action, undefined, { data });
  return { signed: { id, bytes, signature, kid }, id: subjectId, after, event };
}
