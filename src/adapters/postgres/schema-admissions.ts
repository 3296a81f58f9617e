import type { ColumnType, Generated } from 'kysely';

/** A number that the database gives. */
export type Seq = ColumnType<string, never, never>;

/** The tables of what may run and what counts. */
export interface AdmissionTables {
  admissions: {
    n: Seq;
    id: string;
    runbook_id: string;
    content_digest: string;
    bytes: string;
    signature: string;
    kid: string;
    status: Generated<string>;
    signed_at: Generated<Date>;
  };
  admission_requests: {
    id: string;
    kind: string;
    about: string;
    content_digest: string | null;
    before: string | null;
    content: string | null;
    person_id: string;
    person: string;
    reason: string;
    proof: string;
    requested_at: Generated<Date>;
    status: Generated<string>;
    code: string | null;
    detail: string | null;
  };
  admission_votes: {
    id: string;
    request: string;
    content_digest: string;
    decision: string;
    person_id: string;
    person: string;
    reason: string;
    proof: string;
    decided_at: Generated<Date>;
    status: Generated<string>;
    code: string | null;
  };
  subject_admissions: {
    n: Seq;
    id: string;
    subject: string;
    subject_id: string;
    content: string | null;
    bytes: string;
    signature: string;
    kid: string;
    signed_at: Generated<Date>;
  };
}
