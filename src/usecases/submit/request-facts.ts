import type { Admission, NotAdmitted } from '../../domain/admission.js';
import type { Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Result } from '../../domain/result.js';
import type { Rights } from '../../domain/policy/rights.js';
import type { TargetNotAdmitted } from '../../domain/subject-admission.js';
import type { Target } from '../../domain/target.js';
import type { RefusedRunbook, RunbookEntry } from '../../ports/catalogue.js';
import { judgeAdmissions, judgeTarget } from '../in-force.js';
import type { ApiContext } from '../api-context.js';

/** The time over which the submissions of a person for one target are counted. */
const RATE_WINDOW_MS = 60_000;

/** What a request names. */
interface RequestNames {
  readonly runbook: string;
  /** Id or name of a target of the inventory. */
  readonly target: string;
  readonly follows?: string;
}

/** What the checks of a request look at, read before them. */
export interface RequestFacts {
  readonly rights: Rights;
  readonly runbook: (id: string) => RunbookEntry | undefined;
  /** The folder of a runbook that was refused when it was last read. */
  readonly refused: (id: string) => RefusedRunbook | undefined;
  /** Of the current version of a runbook that is named. */
  readonly admission: (contentDigest: string) => Result<Admission, NotAdmitted>;
  readonly target: (idOrName: string) => Target | undefined;
  /** Whether a target may be used in the form in which the inventory has it. */
  readonly admitted: (target: Target) => Result<undefined, TargetNotAdmitted>;
  readonly job: (id: string) => Job | undefined;
  /** Requests of the person for this target: stored within the last minute, or in flight. */
  readonly recent: (target: string) => number;
  /** To be called once the request is stored or refused. */
  readonly done: () => void;
}

/** Reads what the checks of these requests look at: the same statements, six at most, for one request and for 500. */
export async function readFacts(
  context: Pick<
    ApiContext,
    | 'catalogue'
    | 'admissions'
    | 'subjectAdmissions'
    | 'admissionRules'
    | 'inventory'
    | 'queries'
    | 'inFlight'
    | 'rights'
  >,
  actor: Actor,
  requests: readonly RequestNames[],
): Promise<RequestFacts> {
  const { catalogue, admissions, inventory, queries, inFlight, rights } = context;
  const policy = await rights.read();
  const [entries, admitted, targets, jobs] = await Promise.all([
    catalogue.list(),
    admissions.ofCurrent([...new Set(requests.map(({ runbook }) => runbook))]),
    inventory.find([...new Set(requests.map(({ target }) => target))]),
    queries.byIds([...new Set(requests.flatMap(({ follows }) => follows ?? []))]),
  ]);
  const runbooks = new Map(entries.map((entry) => [entry.manifest.id, entry]));
  const refused = requests.every(({ runbook }) => runbooks.has(runbook)) ? [] : await catalogue.refused();
  const ids = [...new Set([...targets.values()].map(({ target }) => target.id))];
  const entered = inFlight.enter(
    actor.person.id,
    requests.flatMap(({ target }) => targets.get(target)?.target.id ?? []),
  );
  const rules = context.admissionRules();
  const since = new Date(Date.now() - RATE_WINDOW_MS);
  const asked = Promise.all([
    queries.countRecent(actor.person.id, ids, since),
    rules?.development === true ? new Map<string, never>() : context.subjectAdmissions.ofTargets(ids),
  ]);
  const [recent, signed] = await asked.catch((error: unknown) => {
    entered.leave();
    throw error;
  });
  return {
    rights: policy,
    runbook: (id) => runbooks.get(id),
    refused: (id) => refused.find((one) => one.id === id),
    admission: (digest) => judgeAdmissions(admitted.get(digest) ?? [], digest, rules),
    admitted: (target) => judgeTarget(signed.get(target.id) ?? [], target, rules),
    target: (idOrName) => targets.get(idOrName)?.target,
    job: (id) => jobs.get(id),
    recent: (target) => (recent.get(target) ?? 0) + entered.before(target),
    done: () => entered.leave(),
  };
}
