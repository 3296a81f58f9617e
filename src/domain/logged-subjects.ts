import type { AuditEvent } from './audit.js';
import { MOST_SIGNED_APART_MS } from './decision-proof.js';
import { labelledDigest } from './digest.js';
import type { Grant } from './grant.js';
import type { JudgedEvent } from './judged-time.js';
import type { LoggedKeys } from './logged-keys.js';
import { policyStepDigest } from './policy-change.js';
import { standingStepDigest } from './standing-step.js';
import type { SignedSubjectAdmission, SubjectAdmission, SubjectVerify } from './subject-admission.js';
import { peopleProblems } from './subject-people.js';
import { timeIn } from './time.js';

/** The forms of a subject in the log, the newest last; `until`: when the next one took its place (milliseconds). */
interface Form {
  readonly sha256: string | null;
  readonly signed: SignedSubjectAdmission;
  until: number;
}

/** The statements of a request that the log has so far. */
interface Group {
  readonly at: number;
  readonly members: readonly Pick<SubjectAdmission, 'subjectId' | 'before' | 'sha256'>[];
}

/** A statement as it stands in an event. */
interface Said {
  readonly seq: number;
  readonly at: string;
  readonly signed: SignedSubjectAdmission;
}

type Text = Readonly<Record<string, string | null>>;

const ACTIONS = [
  ...['target.created', 'target.changed', 'target.deleted', 'policy.admitted'],
  ...['standing.approved', 'standing.withdrawn'],
];

/**
 * Verifies, event by event, what the log says about the targets and the policy that people admitted, and that grants are for targets in
 * the form that counted. Needs the public grant key alone. Events of development mode carry no statement: nothing is judged by them, as long as none follows a statement.
 */
export function loggedSubjects(verify: SubjectVerify, keys: LoggedKeys) {
  const ids = new Set<string>();
  const forms = new Map<string, Form[]>();
  const groups = new Map<string, Group>();
  /** Requests whose statements are all there. */
  const ended = new Set<string>();
  /** Schedules and their instants for which a grant was given under a standing approval. */
  const instants = new Set<string>();
  /** The latest time of an event (milliseconds). */
  let latest = 0;

  function admit(seq: number, { at, data }: AuditEvent): readonly string[] {
    const { admission: bytes = '', signature = '', kid = '' } = data as Readonly<Record<string, string>>;
    const signed = { id: '', bytes, signature, kid };
    const read = verify(signed, seq);
    if (!read.ok) return [`the admission does not hold: ${read.error.why}`];
    const statement = read.value;
    const twice = ids.has(statement.id);
    ids.add(statement.id);
    return [
      ...(isSaid(statement, data as Text) ? [] : ['the admission is that of another form']),
      ...(twice ? [`the log has another admission with the id ${statement.id}`] : []),
      ...follow(statement, { seq, at, signed }),
      // What was signed says when, whatever time its event has.
      ...gather(statement, Math.min(timeIn(at, -Infinity), timeIn(statement.signedAt, -Infinity))),
    ];
  }

  /** A form takes the place of the one that it names. */
  function follow({ subjectId, before, sha256 }: SubjectAdmission, { seq, at, signed }: Said): readonly string[] {
    const known = forms.get(subjectId) ?? [];
    const last = known.at(-1);
    if (last) last.until = timeIn(at, -Infinity);
    forms.set(subjectId, [...known, { sha256, signed, until: Infinity }]);
    // The first statement about a subject may follow one of a log that was begun anew. What a key signed that was revoked by then is
    // no form any more: the next one follows none.
    if (last === undefined) return [];
    const counts = before === null ? verify(last.signed, seq).ok : true;
    return (counts ? last.sha256 : null) === before ? [] : ['the admission does not follow the form before it'];
  }

  /** The people signed all the statements of a request together: they are judged once the last of them is there. */
  function gather(statement: SubjectAdmission, at: number): readonly string[] {
    const { request } = statement;
    if (ended.has(request.id)) return ['the request had been put into effect before'];
    const group = groups.get(request.id) ?? { at, members: [] };
    const members = [...group.members, statement];
    if (request.index !== group.members.length) return ['the admission is not the next one of its request'];
    if (members.length < request.count) {
      groups.set(request.id, { at, members });
      return [];
    }
    groups.delete(request.id);
    ended.add(request.id);
    if (contentOf(statement, members) !== request.contentDigest) return ['the people signed for other forms'];
    return peopleProblems(statement, keys);
  }

  function approve(at: number, { target, targetSha256, standing }: Grant): readonly string[] {
    const counts = (known: readonly Form[] | undefined, sha256: string) =>
      known?.some((form) => form.sha256 === sha256 && form.until + MOST_SIGNED_APART_MS >= at) === true;
    const covered = standing === undefined || counts(forms.get(standing.schedule), standing.envelopeSha256);
    const known = forms.get(target?.id ?? '');
    const instant = `${standing?.schedule} ${standing?.instant}`;
    const twice = instants.has(instant);
    if (standing) instants.add(instant);
    return [
      ...(twice ? ['the grant is for an instant that another grant used up'] : []),
      ...(covered ? [] : ['the grant is under a standing approval that did not count']),
      ...(known === undefined || counts(known, targetSha256)
        ? []
        : ['the grant is for a target in another form than the admitted one']),
    ];
  }

  return {
    /** What is wrong with an event; `grant` is that of an approval, verified. */
    problems({ seq, event, at }: JudgedEvent, grant?: Grant): readonly string[] {
      latest = Math.max(latest, timeIn(event.at, 0));
      if (grant !== undefined) return approve(at, grant);
      if (!ACTIONS.includes(event.action)) return [];
      if (event.data.admission !== undefined) return admit(seq, event);
      // Of a target without a statement this is development mode.
      const { targetId } = event.data;
      const always = event.action === 'policy.admitted' || event.action.startsWith('standing.');
      const known = always || (typeof targetId === 'string' && forms.has(targetId));
      return known ? ['has no admission, though it is about something that was admitted'] : [];
    },
    /**
     * Requests whose statements are not all in the log, though they are written together: with those that are there nobody can verify
     * what people signed. A log that was exported meanwhile lacks them at its end.
     */
    unfinished: (): readonly string[] =>
      [...groups].flatMap(([id, { at }]) => (at + MOST_SIGNED_APART_MS < latest ? id : [])),
  };
}

function isSaid({ subject, subjectId, name, before, sha256, request, kid }: SubjectAdmission, said: Text): boolean {
  const ofTarget = said.targetId === subjectId && said.targetName === name;
  const ofSchedule = said.schedule === subjectId && said.name === name;
  const about = subject === 'policy' || (subject === 'standing' ? ofSchedule : ofTarget);
  return about && said.before === before && said.after === sha256 && said.request === request.id && said.kid === kid;
}

/** The digest that the people signed, of the statements of their request: see `targetChangesDigest` and `policyStepDigest`. */
function contentOf({ subject, subjectId, before: from, sha256 }: SubjectAdmission, members: Group['members']): string {
  if (subject === 'policy') return policyStepDigest(from, sha256);
  if (subject === 'standing') return standingStepDigest(subjectId, from, sha256);
  const changes = members.map(({ subjectId: id, before, sha256: after }) => ({ id, before, after }));
  return labelledDigest('fixpoint-target-changes-v1', changes);
}
