import type { Generated } from 'kysely';

/** The tables of schedules, calendars and selections. */
export interface ScheduleTables {
  calendars: { id: string; name: string; body: string; revision: Generated<string> };
  selections: { id: string; name: string; body: string; revision: Generated<string> };
  schedules: {
    id: string;
    name: string;
    spec: string;
    owner_id: string;
    owner: string;
    status: Generated<string>;
    next_instant: Date | null;
    due_at: Date | null;
    created_at: Generated<Date>;
    revision: Generated<string>;
  };
  standing_judgements: {
    job_id: string;
    plan_digest: string;
    schedule_id: string;
    instant: Date;
    envelope: string | null;
    changes: number;
    jti: string | null;
    reasons: Generated<string>;
    at: Generated<Date>;
  };
  schedule_firings: {
    schedule_id: string;
    instant: Date;
    first_instant: Date;
    instants: number;
    outcome: string;
    cause: string | null;
    detail: string | null;
    job_id: string | null;
    scan_id: string | null;
    at: Generated<Date>;
  };
}
