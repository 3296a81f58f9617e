import { canonicalJson, isCanonical, type ValueObject } from '../canonical.js';
import { labelledDigest } from '../digest.js';
import type { Manifest, Risk, SuppliedName } from '../manifest.js';
import { digestOfTarget, type Target } from '../target.js';
import { calendarProblems, type CalendarWindow, type WindowsIn } from './calendar.js';
import type { ScheduleProblem } from './schedule-problems.js';
import { scheduleDigest, type Schedule } from './schedule.js';

/** What a standing approval covers, exactly. People sign its digest; it is stored as its canonical text. */
export interface Envelope {
  readonly v: 1;
  /** The schedule by its digest: what, when and in whose name. */
  readonly schedule: { readonly id: string; readonly sha256: string };
  readonly runbook: { readonly id: string; readonly version: string; readonly contentSha256: string };
  /** Each with the digest of its form. */
  readonly targets: readonly { readonly id: string; readonly name: string; readonly sha256: string }[];
  readonly parameters: ValueObject;
  /** Names of the actions of the manifest that a plan may have. */
  readonly actions: readonly string[];
  /** Changes of one plan, and of all plans together. */
  readonly most: { readonly perTarget: number; readonly inAll: number };
  /** In which a job may begin to change something. */
  readonly hours: { readonly zone: string; readonly windows: readonly CalendarWindow[] };
  /** UTC text */
  readonly notBefore: string;
  readonly notAfter: string;
  /** 128 random bits in hex: nobody finds the parameters from the digest in the audit log. */
  readonly salt: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** The longest standing approval: 90 days. */
export const MOST_STANDING_MS = 90 * DAY_MS;
const MOST_CHANGES = { perTarget: 100, inAll: 10_000 } as const;
const RISKS: readonly Risk[] = ['R0', 'R1', 'R2'];
/** Values that somebody said: an approver weighs them each time. */
const SAID_BY_PEOPLE: readonly SuppliedName[] = ['consents', 'previousSteps', 'followedJob'];

export const envelopeText = (envelope: Envelope): string => canonicalJson(envelope);

/** Of the envelope alone: what a statement of `authority` names. */
export const envelopeDigest = (envelope: Envelope): string => labelledDigest('fixpoint-envelope-v1', envelope);

/** The envelope of a text; undefined for anything but its canonical form. */
export function readEnvelope(text: string | undefined): Envelope | undefined {
  try {
    const read: unknown = JSON.parse(text ?? '');
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
    return isObject && (read as Envelope).v === 1 && isCanonical(read, text ?? '') ? (read as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

/** The hours of an envelope as a calendar. */
export const hoursOf = ({ hours }: Pick<Envelope, 'hours'>): WindowsIn => ({ ...hours, kind: 'maintenance' });

/** What an envelope is compared with, as whoever judges it read it. */
export interface EnvelopeFacts {
  readonly schedule: Pick<Schedule, 'id' | 'spec' | 'owner' | 'status'>;
  readonly manifest: Manifest;
  readonly contentDigest: string;
  readonly targets: readonly Target[];
  readonly now: Date;
}

/** Why people may not approve an envelope, all of it: paths are JSON Pointers into it. */
export function envelopeProblems(envelope: Envelope, facts: EnvelopeFacts): readonly ScheduleProblem[] {
  const { schedule, manifest, contentDigest, targets, now } = facts;
  const { action, approval } = schedule.spec;
  const { runbook } = envelope;
  const begin = Date.parse(envelope.notBefore);
  const end = Date.parse(envelope.notAfter);
  const listed = new Map(targets.map((target) => [target.id, digestOfTarget(target)]));
  const sameTargets =
    action.kind === 'job' && envelope.targets.length === 1 && envelope.targets[0]?.id === action.target;
  const same = canonicalJson(envelope.parameters) === canonicalJson(action.parameters);
  const when = (wrong: boolean, path: string, message: string) => (wrong ? [{ path, message }] : []);
  return [
    ...when(approval.kind === 'each-time', '/schedule', 'is approved each time'),
    ...when(approval.kind === 'none', '/schedule', 'asks for scans, which need no approval'),
    ...when(['removed', 'ended'].includes(schedule.status), '/schedule', `is ${schedule.status}`),
    ...when(envelope.schedule.sha256 !== scheduleDigest(schedule), '/schedule/sha256', 'is that of another schedule'),
    ...when(
      runbook.id !== action.runbook || runbook.id !== manifest.id || runbook.contentSha256 !== contentDigest,
      '/runbook',
      'is not the current version of the runbook of the schedule',
    ),
    ...when(!sameTargets, '/targets', 'are not those of the schedule'),
    ...when(
      envelope.targets.some(({ id, sha256 }) => listed.get(id) !== sha256),
      '/targets',
      'were changed in the inventory',
    ),
    ...when(!same, '/parameters', 'are not those of the schedule'),
    ...actionProblems(envelope, manifest),
    ...saidProblems(manifest),
    ...mostProblems(envelope),
    ...when(envelope.hours.windows.length === 0, '/hours/windows', 'are none'),
    ...calendarProblems(hoursOf(envelope)).map(({ path, message }) => ({ path: `/hours${path}`, message })),
    ...when(!(end > begin), '/notAfter', 'is before the begin'),
    ...when(end <= now.getTime(), '/notAfter', 'is over'),
    ...when(end - begin > MOST_STANDING_MS, '/notAfter', 'is more than 90 days after the begin'),
    ...when(begin > now.getTime() + MOST_STANDING_MS, '/notBefore', 'is more than 90 days ahead'),
  ];
}

function actionProblems({ actions }: Envelope, manifest: Manifest): readonly ScheduleProblem[] {
  if (actions.length === 0) return [{ path: '/actions', message: 'are none' }];
  return actions.flatMap((name, i) => {
    const problem = actionProblem(name, manifest);
    return problem === undefined ? [] : [{ path: `/actions/${i}`, message: problem }];
  });
}

/** Why no standing approval may cover an action; undefined where one may. */
export function actionProblem(name: string, { actions }: Pick<Manifest, 'actions'>): string | undefined {
  const rule = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!rule) return `is no action of the runbook: ${name}`;
  if (rule.class !== 'ensure') return `is of class ${rule.class}, and only ensure may be approved in advance: ${name}`;
  return RISKS.includes(rule.risk) ? undefined : `has the risk ${rule.risk}, and R2 is the most: ${name}`;
}

/** What only a person can weigh is approved each time. */
function saidProblems({ supplied, statements, escalation }: Manifest): readonly ScheduleProblem[] {
  const said = supplied.filter((name) => SAID_BY_PEOPLE.includes(name));
  const weighed = said.length > 0 || (statements ?? []).length > 0 || escalation !== undefined;
  return weighed ? [{ path: '/runbook', message: 'has claims of people that an approver weighs each time' }] : [];
}

function mostProblems({ most: { perTarget, inAll } }: Envelope): readonly ScheduleProblem[] {
  const fits = (n: number, most: number) => Number.isInteger(n) && n >= 1 && n <= most;
  return [
    ...(fits(perTarget, MOST_CHANGES.perTarget) ? [] : [{ path: '/most/perTarget', message: 'is not from 1 to 100' }]),
    ...(fits(inAll, MOST_CHANGES.inAll) && inAll >= perTarget
      ? []
      : [{ path: '/most/inAll', message: 'is not from the changes of one plan to 10,000' }]),
  ];
}
