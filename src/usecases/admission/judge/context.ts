import type { AdmissionRequest, AdmissionVote } from '../../../domain/admission-request.js';
import type { Code } from '../../../domain/codes/index.js';
import type { RunbookBundle } from '../../../domain/manifest.js';
import type { People, Person } from '../../../domain/people.js';
import type { Rights } from '../../../domain/policy/rights.js';
import type { Result } from '../../../domain/result.js';
import type { AdmissionRequests, Admissions, AdmissionVerifier, SubjectAdmissions } from '../../../ports/admissions.js';
import type { Catalogue } from '../../../ports/catalogue.js';
import type { Inventory } from '../../../ports/inventory.js';
import type { PeopleSource } from '../../../ports/people.js';
import type { PersonKeys, PersonKeyVerifier } from '../../../ports/person-keys.js';
import type { RightsSource } from '../../../ports/rights.js';
import type { Schedules } from '../../../ports/schedules.js';
import type { StoredChecker } from '../../../ports/runbook-catalogue.js';
import type { StoredToken } from '../../../ports/tokens.js';
import type { AdmissionMaker } from '../sign-admission.js';

/** What `authority` needs to judge what people ask for. */
export interface JudgeContext extends AdmissionMaker {
  readonly requests: AdmissionRequests;
  readonly admissions: Pick<Admissions, 'admit' | 'of' | 'setStatus'>;
  readonly subjectAdmissions: SubjectAdmissions;
  readonly verifier: AdmissionVerifier;
  readonly catalogue: Pick<Catalogue, 'get' | 'current'>;
  readonly schedules: Pick<Schedules, 'find'>;
  readonly inventory: Pick<Inventory, 'find'>;
  readonly people: PeopleSource;
  readonly rights: RightsSource;
  readonly keys: Pick<PersonKeys, 'byKid'>;
  readonly registrations: PersonKeyVerifier;
  /** Whether only signed requests and confirmations count, and only admitted targets: in production. */
  readonly keyRequired: boolean;
  readonly tokens: { find(id: string): Promise<Omit<StoredToken, 'secretSha256'> | undefined> };
  /** The policy that a text holds, or its mistakes. */
  readonly readPolicy: (text: string) => Result<Rights, string>;
  /** Starts an engine, judges the files, and says which engine it was. */
  readonly check: (
    bundle: RunbookBundle,
  ) => Promise<{ readonly problems: Awaited<ReturnType<StoredChecker['check']>>; readonly engineSha256: string }>;
}

/** The people and the policy by which it is judged. */
export interface By {
  readonly people: People;
  readonly rights: Rights;
}

/** Why a request is refused. */
export interface Refusal {
  readonly code: Code;
  readonly detail?: string;
}

/** How requests about one kind of subject are judged. */
export interface Judge {
  /** Whether the policy denies this person to ask for this, or to confirm it. */
  denies(context: JudgeContext, rights: Rights, person: Person, request: AdmissionRequest): Promise<boolean>;
  /** Looks at what is asked for before a second person does; what only takes away is not looked at. */
  look(context: JudgeContext, request: AdmissionRequest): Promise<Refusal | undefined>;
  /**
   * Puts it into effect, after it looked again: that a request is open is only a row.
   * @param vote of the second person; absent where none is needed
   */
  carryOut(
    context: JudgeContext,
    request: AdmissionRequest,
    vote: AdmissionVote | undefined,
  ): Promise<Refusal | undefined>;
}
