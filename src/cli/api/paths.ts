// Generated from the OpenAPI document of the HTTP API by npm run docs. Do not edit.

export type paths = {
  readonly '/v1/me': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Who you are, and what you may do at least somewhere. */
    readonly get: operations['get-me'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/runbooks': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The catalogue, and the folders that were refused, with the reasons. */
    readonly get: operations['get-runbooks'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/runbooks/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One runbook: manifest, digest, parameters, actions, rollback. */
    readonly get: operations['get-runbooks-id'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/freeze': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Whether new work is frozen. */
    readonly get: operations['get-freeze'];
    readonly put?: never;
    /** Freeze all new work: planning and claims. Running jobs finish the change in progress. A freeze that is there stays as it is. */
    readonly post: operations['post-freeze'];
    /** Lift the freeze. */
    readonly delete: operations['delete-freeze'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/admissions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What was asked for: what waits for a second person first, then the last; at most 100. */
    readonly get: operations['get-admissions'];
    readonly put?: never;
    /** Ask that a version of a runbook may run, or that one may no longer; a second person confirms what allows more. */
    readonly post: operations['post-admissions'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/admissions/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One request, with what it asks for: files of a runbook, targets before and after, or a policy. */
    readonly get: operations['get-admissions-id'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/admissions/{id}/decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Confirm or reject what another person asked for; it needs the right to ask for it. */
    readonly post: operations['post-admissions-id-decision'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/runbooks/{id}/files': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The files of the current version of a runbook: manifest, scripts and modules. */
    readonly get: operations['get-runbooks-id-files'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/audit': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Audit events, oldest first; auditors see all, others those of their own jobs. */
    readonly get: operations['get-audit'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/audit/export': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Every chained event as JSON Lines, exact bytes: input of the offline verifier. */
    readonly get: operations['get-audit-export'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Jobs, newest first. */
    readonly get: operations['get-jobs'];
    readonly put?: never;
    /** Submit a request; planning follows, nothing is changed before an approval. */
    readonly post: operations['post-jobs'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs:batch': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Submit 1 to 500 requests together: all become jobs, or none does. */
    readonly post: operations['post-jobs-batch'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One job with its plan, approvals, changes and timeline. */
    readonly get: operations['get-jobs-id'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/plan': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The exact plan bytes: recompute the digest from them before you approve. */
    readonly get: operations['get-jobs-id-plan'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/output': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Stored stream records and progress. */
    readonly get: operations['get-jobs-id-output'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/events': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Server-sent events of one job; Last-Event-ID resumes without a gap. */
    readonly get: operations['get-jobs-id-events'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/events': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Server-sent events: what changed for you, ids and states only. */
    readonly get: operations['get-events'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Approve or reject exactly the plan you saw. */
    readonly post: operations['post-jobs-id-decision'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/cancel': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Cancel. An in-progress change completes first. */
    readonly post: operations['post-jobs-id-cancel'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/rollback': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Request a rollback of this job. */
    readonly post: operations['post-jobs-id-rollback'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/jobs/{id}/resolve': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Record the outcome of a job that needs attention. */
    readonly post: operations['post-jobs-id-resolve'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The schedules, oldest first, without those that were removed. */
    readonly get: operations['get-schedules'];
    readonly put?: never;
    /** Make a schedule. It submits in your name; nothing is changed without an approval. */
    readonly post: operations['post-schedules'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One schedule, by its id or its name, with its next runs and what became of the last ones. */
    readonly get: operations['get-schedules-id'];
    readonly put?: never;
    readonly post?: never;
    /** Remove a schedule for good. Jobs that it has submitted stay as they are. */
    readonly delete: operations['delete-schedules-id'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules/{id}/next': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The next runs of a schedule, computed by what fires it. */
    readonly get: operations['get-schedules-id-next'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules:preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** The next runs of a schedule before it is saved, without its jitter. */
    readonly post: operations['post-schedules-preview'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules/{id}/pause': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Pause a schedule: it submits nothing until it is resumed. */
    readonly post: operations['post-schedules-id-pause'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules/{id}/resume': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Resume a schedule with its next instant; what came while it was paused is not made up for. */
    readonly post: operations['post-schedules-id-resume'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/calendars': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The calendars, by name. */
    readonly get: operations['get-calendars'];
    readonly put?: never;
    /** Add a calendar. */
    readonly post: operations['post-calendars'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/calendars/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One calendar, by its id or its name. */
    readonly get: operations['get-calendars-id'];
    readonly put?: never;
    readonly post?: never;
    /** Remove a calendar that no schedule names. If-Match guards what somebody else has changed meanwhile. */
    readonly delete: operations['delete-calendars-id'];
    readonly options?: never;
    readonly head?: never;
    /** Replace a calendar; schedules go by it from their next look on. If-Match guards against a lost update. */
    readonly patch: operations['patch-calendars-id'];
    readonly trace?: never;
  };
  readonly '/v1/selections': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The selections, by name. */
    readonly get: operations['get-selections'];
    readonly put?: never;
    /** Keep a filter under a name. A filter without a condition is refused. */
    readonly post: operations['post-selections'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/selections/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One selection, by its id or its name. */
    readonly get: operations['get-selections-id'];
    readonly put?: never;
    readonly post?: never;
    /** Remove a selection. If-Match guards what somebody else has changed meanwhile. */
    readonly delete: operations['delete-selections-id'];
    readonly options?: never;
    readonly head?: never;
    /** Replace a selection. What was submitted over it stays as it was. If-Match guards against a lost update. */
    readonly patch: operations['patch-selections-id'];
    readonly trace?: never;
  };
  readonly '/v1/selections/{id}/targets': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The targets that a selection means now, by name; those of them that you may see. */
    readonly get: operations['get-selections-id-targets'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/schedules/{id}/standing': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The standing approval of a schedule that counts now: its envelope and who approved it; null where there is none. */
    readonly get: operations['get-schedules-id-standing'];
    readonly put?: never;
    /** Ask for a standing approval of a schedule, which an approver confirms; without an envelope, withdraw the one that counts. */
    readonly post: operations['post-schedules-id-standing'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Rollouts, newest first; without the right to see all jobs, your own. */
    readonly get: operations['get-rollouts'];
    readonly put?: never;
    /** Submit one request over 1 to 500 items; each is planned, and nothing is changed before an approval. */
    readonly post: operations['post-rollouts'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/rollback': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Submit a rollout that rolls an ended one back, item by item; nothing is changed before an approval. */
    readonly post: operations['post-rollouts-id-rollback'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One rollout with its waves, items, pauses and decisions. */
    readonly get: operations['get-rollouts-id'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/plans': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The plans that wait for a decision, by what they do, and the root that a decision is about. */
    readonly get: operations['get-rollouts-id-plans'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Approve or reject exactly the list of plans that you read. */
    readonly post: operations['post-rollouts-id-decision'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/resume': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** End pauses, with items that are left out; an approver does so where a gate was shut. */
    readonly post: operations['post-rollouts-id-resume'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/pause': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Start nothing more; what runs is finished. */
    readonly post: operations['post-rollouts-id-pause'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/abort': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Start nothing more, for good, and cancel what has not begun; what runs is finished. */
    readonly post: operations['post-rollouts-id-abort'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/rollouts/{id}/exclude': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Take items out that were not started. */
    readonly post: operations['post-rollouts-id-exclude'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/scans': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Scans, newest first; without the right to see all jobs, your own. */
    readonly get: operations['get-scans'];
    readonly put?: never;
    /** Read and plan over 1 to 500 items. Nothing is changed, and nothing of it can be approved. */
    readonly post: operations['post-scans'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/scans/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One scan with what it found of each item. */
    readonly get: operations['get-scans-id'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/scans/{id}/report': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What a scan found, item by item, as JSON or CSV. */
    readonly get: operations['get-scans-id-report'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/scans/{id}/cancel': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Cancel every item of a scan that has not ended. What was found is kept. */
    readonly post: operations['post-scans-id-cancel'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/compliance': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** What the ended scans of a runbook found, oldest first, and what changed from one to the next. */
    readonly get: operations['get-compliance'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The inventory, by name. */
    readonly get: operations['get-targets'];
    readonly put?: never;
    /** Add a target. */
    readonly post: operations['post-targets'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** One target, by its id or its name. */
    readonly get: operations['get-targets-id'];
    readonly put?: never;
    readonly post?: never;
    /** Remove a target from the inventory. If-Match guards what somebody else has changed meanwhile. */
    readonly delete: operations['delete-targets-id'];
    readonly options?: never;
    readonly head?: never;
    /** Change a target; jobs that were submitted for the old one stop. If-Match guards against a lost update. */
    readonly patch: operations['patch-targets-id'];
    readonly trace?: never;
  };
  readonly '/v1/targets:import': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Add 1 to 500 targets together: all are added, or none is and every one that is refused is named. */
    readonly post: operations['post-targets-import'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/target-status': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Of each target of the inventory when a worker was last signed in to it, and its maintenance; by name. */
    readonly get: operations['get-target-status'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets/{id}/status': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** When a worker was last signed in to a target, and its maintenance. */
    readonly get: operations['get-targets-id-status'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets/{id}/maintenance': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Begin the maintenance of a target, or change it: no job begins there until its end. A running job is finished. */
    readonly post: operations['post-targets-id-maintenance'];
    /** End the maintenance of a target: what waited for it is tried at once. */
    readonly delete: operations['delete-targets-id-maintenance'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets/{id}/admission': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The form of a target that two people admitted last, and whether a target counts only as it was admitted. */
    readonly get: operations['get-targets-id-admission'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets:admit': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Ask that 1 to 500 targets count as they are given: new ones, or changes of those there are. Another person confirms it. */
    readonly post: operations['post-targets-admit'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/targets:remove': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Remove 1 to 500 targets from the inventory, at once. */
    readonly post: operations['post-targets-remove'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/policy': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** The policy by which the API decides now. */
    readonly get: operations['get-policy'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/policy:admit': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Ask that another policy counts. Another person confirms it; in development mode the policy file counts. */
    readonly post: operations['post-policy-admit'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/consents': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Recorded consents. */
    readonly get: operations['get-consents'];
    readonly put?: never;
    /** Record a person's consent or statement; it is shown to the approver as a claim with your name. */
    readonly post: operations['post-consents'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/keys': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Keys of persons, newest first: your own, or all with the role admin. */
    readonly get: operations['get-keys'];
    readonly put?: never;
    /** Ask for the registration of your own public key, signed with its private half. */
    readonly post: operations['post-keys'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/keys/{id}/confirm': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Confirm another person's key, signed with your own. */
    readonly post: operations['post-keys-id-confirm'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/v1/keys/{id}/revoke': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /** Revoke a key: your own, or any with the role admin. It is never taken back. */
    readonly post: operations['post-keys-id-revoke'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
};
export type webhooks = Record<string, never>;
export type components = {
  schemas: {
    readonly JobSummary: {
      readonly id: string;
      /** @enum {unknown} */
      readonly kind: 'remediation' | 'rollback-of' | 'scan';
      /** @enum {unknown} */
      readonly state:
        | 'planning'
        | 'deferred'
        | 'awaiting-approval'
        | 'queued'
        | 'running'
        | 'waiting'
        | 'unknown'
        | 'needs-attention'
        | 'rolling-back'
        | 'compliant'
        | 'drifted'
        | 'succeeded'
        | 'failed'
        | 'rolled-back'
        | 'rollback-failed'
        | 'rejected'
        | 'expired'
        | 'superseded'
        | 'cancelled'
        | 'blocked';
      readonly code?: string;
      readonly meaning?: string;
      readonly detail?: string;
      readonly nextTryAt?: string;
      readonly until?: string;
      readonly rollbackOf?: string;
      readonly supersedes?: string;
      readonly follows?: string;
      readonly window?: {
        readonly from: string;
        readonly to: string;
      };
      readonly scan?: {
        readonly id: string;
        readonly index: number;
      };
      readonly schedule?: {
        readonly id: string;
        readonly instant: string;
      };
      readonly ticket?: string;
      readonly runbook: {
        readonly id: string;
        readonly version: string;
        readonly contentDigest: string;
      };
      readonly target: {
        readonly id: string;
        readonly name: string;
        readonly kind: string;
        readonly tier: number;
      };
      readonly parameters: {
        readonly [key: string]: unknown;
      };
      readonly supplied?: {
        readonly [key: string]: unknown;
      };
      readonly requester: {
        readonly id: string;
        readonly name: string;
        readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      };
      readonly reason: string;
      readonly traceId?: string;
      readonly submittedAt: string;
      readonly stateSince: string;
      readonly findings?: {
        readonly [key: string]: unknown;
      };
      readonly plan?: {
        readonly digest: string;
        /** @enum {unknown} */
        readonly risk: 'R0' | 'R1' | 'R2' | 'R3';
        readonly approvalsRequired: number;
        readonly expiresAt: string;
        readonly changes: readonly components['schemas']['Change'][];
        readonly admission?: {
          readonly id: string;
          /** @enum {unknown} */
          readonly how: 'people' | 'development';
          readonly by: readonly string[];
        };
      };
      readonly locks?: readonly string[];
      readonly grant?: {
        readonly jti: string;
        readonly executeBy?: string;
        /** @enum {unknown} */
        readonly onFailure: 'leave' | 'rollback';
      };
      /** @enum {unknown} */
      readonly outcome?: 'fixed' | 'already-fine';
      readonly cancel?: {
        readonly by: {
          readonly id: string;
          readonly name: string;
          readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
        };
        readonly reason: string;
        readonly at: string;
      };
      readonly partial: boolean;
      readonly drifts: number;
      readonly proofs: readonly {
        /** @enum {unknown} */
        readonly source: 'reported by the target' | 'seen from outside';
        readonly what: string;
        readonly at: string;
        readonly evidence?: readonly {
          readonly [key: string]: unknown;
        }[];
      }[];
      readonly engineDigest?: string;
      readonly worker?: string;
      readonly erasedAt?: string;
    };
    readonly JobDetail: {
      readonly id: string;
      /** @enum {unknown} */
      readonly kind: 'remediation' | 'rollback-of' | 'scan';
      /** @enum {unknown} */
      readonly state:
        | 'planning'
        | 'deferred'
        | 'awaiting-approval'
        | 'queued'
        | 'running'
        | 'waiting'
        | 'unknown'
        | 'needs-attention'
        | 'rolling-back'
        | 'compliant'
        | 'drifted'
        | 'succeeded'
        | 'failed'
        | 'rolled-back'
        | 'rollback-failed'
        | 'rejected'
        | 'expired'
        | 'superseded'
        | 'cancelled'
        | 'blocked';
      readonly code?: string;
      readonly meaning?: string;
      readonly detail?: string;
      readonly nextTryAt?: string;
      readonly until?: string;
      readonly rollbackOf?: string;
      readonly supersedes?: string;
      readonly follows?: string;
      readonly window?: {
        readonly from: string;
        readonly to: string;
      };
      readonly scan?: {
        readonly id: string;
        readonly index: number;
      };
      readonly schedule?: {
        readonly id: string;
        readonly instant: string;
      };
      readonly ticket?: string;
      readonly runbook: {
        readonly id: string;
        readonly version: string;
        readonly contentDigest: string;
      };
      readonly target: {
        readonly id: string;
        readonly name: string;
        readonly kind: string;
        readonly tier: number;
      };
      readonly parameters: {
        readonly [key: string]: unknown;
      };
      readonly supplied?: {
        readonly [key: string]: unknown;
      };
      readonly requester: {
        readonly id: string;
        readonly name: string;
        readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      };
      readonly reason: string;
      readonly traceId?: string;
      readonly submittedAt: string;
      readonly stateSince: string;
      readonly findings?: {
        readonly [key: string]: unknown;
      };
      readonly plan?: {
        readonly digest: string;
        /** @enum {unknown} */
        readonly risk: 'R0' | 'R1' | 'R2' | 'R3';
        readonly approvalsRequired: number;
        readonly expiresAt: string;
        readonly changes: readonly components['schemas']['Change'][];
        readonly admission?: {
          readonly id: string;
          /** @enum {unknown} */
          readonly how: 'people' | 'development';
          readonly by: readonly string[];
        };
      };
      readonly locks?: readonly string[];
      readonly grant?: {
        readonly jti: string;
        readonly executeBy?: string;
        /** @enum {unknown} */
        readonly onFailure: 'leave' | 'rollback';
      };
      /** @enum {unknown} */
      readonly outcome?: 'fixed' | 'already-fine';
      readonly cancel?: {
        readonly by: {
          readonly id: string;
          readonly name: string;
          readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
        };
        readonly reason: string;
        readonly at: string;
      };
      readonly partial: boolean;
      readonly drifts: number;
      readonly proofs: readonly {
        /** @enum {unknown} */
        readonly source: 'reported by the target' | 'seen from outside';
        readonly what: string;
        readonly at: string;
        readonly evidence?: readonly {
          readonly [key: string]: unknown;
        }[];
      }[];
      readonly engineDigest?: string;
      readonly worker?: string;
      readonly erasedAt?: string;
      /** @description Why what is stored of the job is not what was submitted and approved, by the digests in the audit log; null where nothing is wrong. */
      readonly problem: string | null;
      readonly claims: readonly {
        /** @enum {unknown} */
        readonly kind: 'consent' | 'earlier-step' | 'missing-step' | 'waiver' | 'statement';
        readonly what: string;
        readonly text?: string;
        readonly by?: {
          readonly id: string;
          readonly name: string;
        };
        readonly at?: string;
        readonly ref?: string;
      }[];
      readonly approvals: readonly {
        /** @enum {unknown} */
        readonly decision: 'approve' | 'reject';
        readonly person: {
          readonly id: string;
          readonly name: string;
        };
        readonly reason: string;
        readonly decidedAt: string;
        /** @enum {unknown} */
        readonly status: 'pending' | 'accepted' | 'refused';
        /** @enum {unknown} */
        readonly proof: 'key' | 'token';
        readonly kid?: string;
        readonly code?: string;
      }[];
      readonly progress: {
        readonly done: number;
        readonly of: number;
      };
      readonly changes: readonly {
        readonly id: string;
        readonly resource: string;
        readonly property: string;
        readonly before: unknown;
        readonly after: unknown;
        readonly action: string;
        /** @description What people call the resource; part of the plan. */
        readonly label?: string;
        readonly undoes?: string;
        readonly backupRef?: string;
        /** @enum {unknown} */
        readonly result: 'changed' | 'noop' | 'in-place' | 'failed' | 'not-in-place' | 'unknown' | 'open';
        readonly code?: string;
        readonly detail?: string;
        /** @enum {unknown} */
        readonly undo?: 'changed' | 'noop' | 'in-place' | 'failed' | 'not-in-place' | 'unknown';
      }[];
      readonly timeline: readonly {
        readonly at: string;
        readonly state: unknown;
        readonly code: unknown;
        readonly facts: unknown;
      }[];
    };
    readonly JobPage: {
      readonly items: readonly components['schemas']['JobSummary'][];
      readonly next: string | null;
    };
    readonly JobOutput: {
      readonly seq: number;
      readonly at: string;
      /** @enum {unknown} */
      readonly kind: 'state' | 'record' | 'progress';
      readonly body: {
        readonly [key: string]: unknown;
      };
    };
    readonly OutputPage: {
      readonly items: readonly components['schemas']['JobOutput'][];
      readonly next: string | null;
    };
    readonly Change: {
      readonly id: string;
      readonly resource: string;
      readonly property: string;
      readonly before: unknown;
      readonly after: unknown;
      readonly action: string;
      /** @description What people call the resource; part of the plan. */
      readonly label?: string;
      readonly undoes?: string;
      readonly backupRef?: string;
    };
    readonly PlanDocument: {
      readonly job: string;
      readonly salt?: string;
      readonly runbook: string;
      readonly parameters: string;
      readonly target: string;
      readonly locks: readonly string[];
      /** @description Digest of the request: who asked for what, and why. A plan of an earlier version has none. */
      readonly request?: string;
      /** @description Digest of the `findings` of the job that the plan was made from. */
      readonly findings?: string;
      readonly admission?: {
        readonly id: string;
        /** @enum {unknown} */
        readonly how: 'people' | 'development';
        readonly by: readonly string[];
      };
      readonly changes: readonly components['schemas']['Change'][];
    };
    readonly Me: {
      readonly id: string;
      readonly name: string;
      readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      readonly may: readonly (
        | 'submit'
        | 'plan'
        | 'scan'
        | 'decide'
        | 'cancel'
        | 'rollback'
        | 'resolve'
        | 'schedule'
        | 'read-schedules'
        | 'edit-calendars'
        | 'edit-selections'
        | 'start-rollouts'
        | 'stop-rollouts'
        | 'freeze'
        | 'edit-targets'
        | 'read-targets'
        | 'admit-runbooks'
        | 'admit-policy'
        | 'read-admissions'
        | 'manage-keys'
        | 'record-consent'
        | 'read-jobs'
        | 'read-all-jobs'
        | 'read-audit'
        | 'read-all-audit'
        | 'read-metrics'
        | 'signed-in'
      )[];
      readonly token: {
        readonly id: string;
        /** @enum {unknown} */
        readonly kind: 'personal' | 'service';
      };
    };
    readonly Target: {
      readonly name: string;
      /** @enum {unknown} */
      readonly kind:
        'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array';
      readonly transport:
        | {
            /** @constant */
            readonly type: 'ssh';
            readonly host: string;
            readonly port: number;
            readonly user: string;
            readonly hostKey: string;
          }
        | {
            /** @constant */
            readonly type: 'ldaps';
            readonly servers: readonly string[];
            readonly port: number;
            readonly caFingerprint: string;
          }
        | {
            /** @constant */
            readonly type: 'ldap';
            readonly servers: readonly string[];
            readonly port: number;
          }
        | {
            /** @constant */
            readonly type: 'winrm';
            readonly host: string;
            readonly port: number;
            /** @enum {unknown} */
            readonly auth: 'kerberos' | 'negotiate' | 'ntlm' | 'basic' | 'certificate';
            readonly tls?: {
              /** @enum {unknown} */
              readonly pinned: 'authority' | 'certificate';
              readonly fingerprint: string;
            };
            readonly spn?: string;
            readonly configurationName?: string;
          }
        | {
            /** @constant */
            readonly type: 'local';
          };
      readonly credentials: {
        readonly detect: string;
        readonly apply: string;
      };
      /** @enum {unknown} */
      readonly tier: 0 | 1 | 2;
      readonly site: string;
      readonly tags: readonly string[];
      readonly settings: {
        readonly [key: string]: unknown;
      };
      readonly id: string;
    };
    readonly TargetPage: {
      readonly items: readonly components['schemas']['Target'][];
      readonly next: string | null;
    };
    readonly TargetStatus: {
      readonly id: string;
      readonly name: string;
      readonly seenAt?: string;
      readonly triedAt?: string;
      readonly code?: string;
      readonly maintenance?: {
        readonly until: string;
        readonly by: string;
        readonly reason: string;
        readonly since: string;
      };
    };
    readonly TargetStatusPage: {
      readonly items: readonly components['schemas']['TargetStatus'][];
      readonly next: string | null;
    };
    readonly Consent: {
      /** @enum {unknown} */
      readonly kind: 'close-client' | 'close-office' | 'rsa-keys' | 'protected-keys' | 'log-collection';
      readonly subjectSid: string;
      readonly evidence: string;
      readonly id: string;
      readonly recordedBy: {
        readonly id: string;
        readonly name: string;
      };
      readonly recordedAt: string;
    };
    readonly ConsentPage: {
      readonly items: readonly components['schemas']['Consent'][];
      readonly next: string | null;
    };
    readonly Frozen: {
      readonly frozen: boolean;
      readonly by?: string;
      readonly at?: string;
      readonly reason?: string;
    };
    readonly Runbook: {
      readonly id: string;
      readonly version: string;
      readonly title: string;
      readonly summary: string;
      readonly owner: string;
      readonly contentDigest: string;
      readonly loadedAt: string;
      readonly kinds?: readonly string[];
      readonly phases?: {
        readonly [key: string]: unknown;
      };
      readonly detect?: {
        readonly [key: string]: unknown;
      };
      readonly parameters: {
        readonly [key: string]: unknown;
      };
      readonly supplied?: readonly string[];
      readonly actions?: {
        readonly [key: string]: unknown;
      };
      readonly approval: components['schemas']['Approval'];
      /** @enum {unknown} */
      readonly onFailure?: 'leave' | 'rollback';
      readonly rollback?: string;
    };
    readonly RunbookDetail: {
      readonly id: string;
      readonly version: string;
      readonly title: string;
      readonly summary: string;
      readonly owner: string;
      readonly contentDigest: string;
      readonly loadedAt: string;
      readonly kinds?: readonly string[];
      readonly phases?: {
        readonly [key: string]: unknown;
      };
      readonly detect?: {
        readonly [key: string]: unknown;
      };
      readonly parameters: {
        readonly [key: string]: unknown;
      };
      readonly supplied?: readonly string[];
      readonly actions?: {
        readonly [key: string]: unknown;
      };
      readonly approval: components['schemas']['Approval'];
      /** @enum {unknown} */
      readonly onFailure?: 'leave' | 'rollback';
      readonly rollback?: string;
      readonly manifest: {
        readonly [key: string]: unknown;
      };
    };
    readonly RunbookPage: {
      readonly items: readonly components['schemas']['Runbook'][];
      readonly next: string | null;
      readonly refused: readonly {
        readonly id: string;
        readonly folder: string;
        readonly problems: readonly string[];
      }[];
    };
    readonly AuditEntry: {
      readonly v: number;
      readonly eventId: string;
      readonly action: string;
      /** @enum {unknown} */
      readonly outcome: 'success' | 'failure' | 'denied' | 'unknown';
      readonly at: string;
      readonly actor: {
        readonly type: string;
        readonly id: string;
        readonly name: string;
        readonly roles: readonly string[];
      };
      readonly job: string | null;
      readonly target: string | null;
      readonly data: {
        readonly [key: string]: unknown;
      };
      readonly writer: string;
      readonly seq?: number;
      readonly prevHash?: string;
      readonly hash?: string;
      readonly chained: boolean;
      /** @description Whom or what the job is for, as the requester named it. */
      readonly subject: string | null;
      readonly change: {
        readonly resource: string;
        readonly label?: string;
        readonly property: string;
        readonly action: string;
        readonly before: unknown;
        readonly after: unknown;
        readonly result: string | null;
      } | null;
      readonly decision: {
        readonly requester: {
          readonly id: string;
          readonly name: string;
        };
        readonly reason: string | null;
        readonly ticket: string | null;
        readonly approvals: readonly {
          readonly person: {
            readonly id: string;
            readonly name: string;
          };
          readonly at: string;
          readonly reason: string | null;
        }[];
      } | null;
      /** @description Of a rejection and of an erasure: why its actor did it. */
      readonly reason: string | null;
      /** @description The values of the job were erased. */
      readonly erased: boolean;
      /** @description The link of the event, the signature of the approval, and the plan, the request and the reasons that are shown were checked against the chain. Whether the chain is complete is for `fixpoint audit verify` to say. */
      readonly verified: boolean;
      /** @description Why the line is not verified. */
      readonly problem: string | null;
    };
    readonly AuditPage: {
      readonly items: readonly components['schemas']['AuditEntry'][];
      readonly next: string | null;
    };
    readonly Problem: {
      readonly type: string;
      readonly title: string;
      readonly status: number;
      /** @description Stable; what callers may rely on. */
      readonly code: string;
      readonly detail: string;
      readonly errors?: readonly {
        readonly path: string;
        readonly code: string;
        readonly message: string;
        readonly index?: number;
        readonly target?: string;
      }[];
    };
    readonly TargetBody: {
      readonly name: string;
      /** @enum {unknown} */
      readonly kind:
        'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array';
      readonly transport:
        | {
            /** @constant */
            readonly type: 'ssh';
            readonly host: string;
            readonly port: number;
            readonly user: string;
            readonly hostKey: string;
          }
        | {
            /** @constant */
            readonly type: 'ldaps';
            readonly servers: readonly string[];
            readonly port: number;
            readonly caFingerprint: string;
          }
        | {
            /** @constant */
            readonly type: 'ldap';
            readonly servers: readonly string[];
            readonly port: number;
          }
        | {
            /** @constant */
            readonly type: 'winrm';
            readonly host: string;
            readonly port: number;
            /** @enum {unknown} */
            readonly auth: 'kerberos' | 'negotiate' | 'ntlm' | 'basic' | 'certificate';
            readonly tls?: {
              /** @enum {unknown} */
              readonly pinned: 'authority' | 'certificate';
              readonly fingerprint: string;
            };
            readonly spn?: string;
            readonly configurationName?: string;
          }
        | {
            /** @constant */
            readonly type: 'local';
          };
      readonly credentials: {
        readonly detect: string;
        readonly apply: string;
      };
      /** @enum {unknown} */
      readonly tier: 0 | 1 | 2;
      readonly site: string;
      readonly tags: readonly string[];
      readonly settings?: {
        /** @enum {unknown} */
        readonly topology?: 'online' | 'hybrid' | 'onprem' | 'decommissioned';
        readonly verifiedDomains?: readonly string[];
        readonly globalCatalog?: string;
        readonly ntpServers?: readonly string[];
        /** @enum {unknown} */
        readonly userSession?: 'direct' | 'task';
        readonly directory?: string;
        readonly pool?: string;
        readonly backupDir?: string;
      };
    };
    readonly PersonKey: {
      readonly id: string;
      readonly person: {
        readonly id: string;
        readonly name: string;
      };
      /** @description First 32 hex digits of the SHA-256 of the public key: what people compare. */
      readonly kid: string;
      readonly publicKey: string;
      /** @enum {unknown} */
      readonly status: 'requested' | 'confirmed' | 'registered' | 'refused' | 'revoked';
      readonly code?: string;
      readonly requestedAt: string;
      /** @description Null for the first key of the installation. */
      readonly confirmedBy?: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly registeredAt?: string;
      readonly revokedAt?: string;
      readonly revokedBy?: {
        readonly id: string;
        readonly name: string;
      };
    };
    readonly PersonKeyPage: {
      readonly items: readonly components['schemas']['PersonKey'][];
      readonly next: string | null;
    };
    readonly ScheduleSummary: {
      readonly id: string;
      readonly name: string;
      /** @enum {unknown} */
      readonly status: 'active' | 'paused' | 'ended' | 'removed';
      readonly when:
        | {
            /** @constant */
            readonly kind: 'cron';
            /** @description Five fields: minute hour day-of-month month day-of-week. */
            readonly expression: string;
            /** @description IANA time zone. */
            readonly zone: string;
          }
        | {
            /** @constant */
            readonly kind: 'once';
            /** Format: date-time */
            readonly at: string;
            /** @description IANA time zone. */
            readonly zone: string;
          };
      /** @description Such as `30m`, `8h` or `0s`. */
      readonly jitter: string;
      readonly misfire:
        | {
            /** @constant */
            readonly policy: 'skip';
          }
        | {
            /** @constant */
            readonly policy: 'run-once';
            /** @description Such as `30m`, `8h` or `0s`. */
            readonly within: string;
          };
      /** @description Such as `30m`, `8h` or `0s`. */
      readonly window: string;
      readonly approval:
        | {
            /** @constant */
            readonly kind: 'each-time';
            /** @description Such as `30m`, `8h` or `0s`. */
            readonly lead: string;
          }
        | {
            /** @constant */
            readonly kind: 'standing';
          }
        | {
            /** @constant */
            readonly kind: 'none';
          };
      /** @description Names or ids. */
      readonly calendars: readonly string[];
      readonly action:
        | {
            /** @constant */
            readonly kind: 'job';
            readonly runbook: string;
            readonly parameters: {
              readonly [key: string]: unknown;
            };
            readonly reason: string;
            readonly ticket?: string;
            readonly target: string;
          }
        | {
            /** @constant */
            readonly kind: 'scan';
            readonly runbook: string;
            readonly parameters: {
              readonly [key: string]: unknown;
            };
            readonly reason: string;
            readonly ticket?: string;
            readonly select?: {
              readonly names?: readonly string[];
              readonly kinds?: readonly (
                'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
              )[];
              readonly tiers?: readonly (0 | 1 | 2)[];
              readonly sites?: readonly string[];
              readonly tags?: readonly string[];
            };
            readonly selection?: string;
          };
      readonly owner: {
        readonly id: string;
        readonly name: string;
      };
      readonly next?: string;
      readonly createdAt: string;
    };
    readonly ScheduleDetail: {
      readonly id: string;
      readonly name: string;
      /** @enum {unknown} */
      readonly status: 'active' | 'paused' | 'ended' | 'removed';
      readonly when:
        | {
            /** @constant */
            readonly kind: 'cron';
            /** @description Five fields: minute hour day-of-month month day-of-week. */
            readonly expression: string;
            /** @description IANA time zone. */
            readonly zone: string;
          }
        | {
            /** @constant */
            readonly kind: 'once';
            /** Format: date-time */
            readonly at: string;
            /** @description IANA time zone. */
            readonly zone: string;
          };
      /** @description Such as `30m`, `8h` or `0s`. */
      readonly jitter: string;
      readonly misfire:
        | {
            /** @constant */
            readonly policy: 'skip';
          }
        | {
            /** @constant */
            readonly policy: 'run-once';
            /** @description Such as `30m`, `8h` or `0s`. */
            readonly within: string;
          };
      /** @description Such as `30m`, `8h` or `0s`. */
      readonly window: string;
      readonly approval:
        | {
            /** @constant */
            readonly kind: 'each-time';
            /** @description Such as `30m`, `8h` or `0s`. */
            readonly lead: string;
          }
        | {
            /** @constant */
            readonly kind: 'standing';
          }
        | {
            /** @constant */
            readonly kind: 'none';
          };
      /** @description Names or ids. */
      readonly calendars: readonly string[];
      readonly action:
        | {
            /** @constant */
            readonly kind: 'job';
            readonly runbook: string;
            readonly parameters: {
              readonly [key: string]: unknown;
            };
            readonly reason: string;
            readonly ticket?: string;
            readonly target: string;
          }
        | {
            /** @constant */
            readonly kind: 'scan';
            readonly runbook: string;
            readonly parameters: {
              readonly [key: string]: unknown;
            };
            readonly reason: string;
            readonly ticket?: string;
            readonly select?: {
              readonly names?: readonly string[];
              readonly kinds?: readonly (
                'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
              )[];
              readonly tiers?: readonly (0 | 1 | 2)[];
              readonly sites?: readonly string[];
              readonly tags?: readonly string[];
            };
            readonly selection?: string;
          };
      readonly owner: {
        readonly id: string;
        readonly name: string;
      };
      readonly next?: string;
      readonly createdAt: string;
      readonly digest: string;
      readonly nextRuns: readonly components['schemas']['NextRun'][];
      readonly firings: readonly {
        readonly first: string;
        readonly instant: string;
        readonly count: number;
        /** @enum {unknown} */
        readonly outcome: 'submitted' | 'missed';
        readonly cause?: string;
        readonly detail?: string;
        readonly job?: string;
        readonly scan?: string;
        readonly at: string;
      }[];
    };
    readonly NextRun: {
      readonly instant: string;
      /** @description The wall clock of the schedule's zone with its offset. */
      readonly local: string;
      /** @enum {unknown} */
      readonly clockChange?: 'moved-over-a-gap' | 'first-of-two';
      readonly opens?: string;
      readonly closes?: string;
      readonly submitAt?: string;
      /** @description The calendar for which nothing runs then. */
      readonly closedBy?: string;
    };
    readonly CalendarShown: {
      readonly id: string;
      readonly name: string;
      /** @enum {unknown} */
      readonly kind: 'blackout' | 'maintenance';
      /** @description IANA time zone. */
      readonly zone: string;
      readonly windows: readonly (
        | {
            /** @constant */
            readonly kind: 'weekly';
            /** @description 1 is Monday, 7 is Sunday. */
            readonly days: readonly number[];
            readonly from: string;
            readonly to: string;
          }
        | {
            /** @constant */
            readonly kind: 'once';
            readonly from: string;
            readonly to: string;
          }
      )[];
    };
    readonly Approval: {
      readonly roles: readonly string[];
      readonly required: {
        readonly R0?: number;
        readonly R1?: number;
        readonly R2?: number;
        readonly R3?: number;
      };
      readonly expiresIn: string;
      readonly executeWithin: string;
    };
    readonly BatchAccepted: {
      readonly items: readonly {
        readonly id: string;
        /** @enum {unknown} */
        readonly state:
          | 'planning'
          | 'deferred'
          | 'awaiting-approval'
          | 'queued'
          | 'running'
          | 'waiting'
          | 'unknown'
          | 'needs-attention'
          | 'rolling-back'
          | 'compliant'
          | 'drifted'
          | 'succeeded'
          | 'failed'
          | 'rolled-back'
          | 'rollback-failed'
          | 'rejected'
          | 'expired'
          | 'superseded'
          | 'cancelled'
          | 'blocked';
        readonly location: string;
      }[];
    };
    readonly TargetsImported: {
      readonly items: readonly {
        readonly id: string;
        readonly name: string;
      }[];
    };
    readonly JobStreamEvent:
      | {
          readonly id: string;
          /** @constant */
          readonly event: 'state';
          readonly data: {
            readonly at: string;
            /** @enum {unknown} */
            readonly state:
              | 'planning'
              | 'deferred'
              | 'awaiting-approval'
              | 'queued'
              | 'running'
              | 'waiting'
              | 'unknown'
              | 'needs-attention'
              | 'rolling-back'
              | 'compliant'
              | 'drifted'
              | 'succeeded'
              | 'failed'
              | 'rolled-back'
              | 'rollback-failed'
              | 'rejected'
              | 'expired'
              | 'superseded'
              | 'cancelled'
              | 'blocked';
            readonly code: string | null;
            readonly facts: readonly string[];
            readonly changes?: readonly {
              readonly changeId: string;
              /** @enum {unknown} */
              readonly direction: 'apply' | 'undo';
              /** @enum {unknown} */
              readonly result: 'changed' | 'noop' | 'in-place' | 'failed' | 'not-in-place' | null;
            }[];
          };
        }
      | {
          readonly id: string;
          /** @constant */
          readonly event: 'record';
          readonly data: {
            readonly at: string;
            readonly phase: string;
            /** @enum {unknown} */
            readonly stream: 'error' | 'warning' | 'verbose' | 'debug' | 'information' | 'progress';
            readonly text: string;
            readonly truncated: boolean;
            readonly error?: {
              readonly [key: string]: unknown;
            };
            readonly percent?: number;
          };
        }
      | {
          /** @constant */
          readonly event: 'end';
          readonly data: {
            /** @enum {unknown} */
            readonly state:
              | 'planning'
              | 'deferred'
              | 'awaiting-approval'
              | 'queued'
              | 'running'
              | 'waiting'
              | 'unknown'
              | 'needs-attention'
              | 'rolling-back'
              | 'compliant'
              | 'drifted'
              | 'succeeded'
              | 'failed'
              | 'rolled-back'
              | 'rollback-failed'
              | 'rejected'
              | 'expired'
              | 'superseded'
              | 'cancelled'
              | 'blocked'
              | 'gone';
          };
        };
    readonly ChangeStreamEvent: {
      /** @constant */
      readonly event: 'job';
      readonly data: {
        /** @constant */
        readonly kind: 'job';
        readonly id: string;
        /** @enum {unknown} */
        readonly state:
          | 'planning'
          | 'deferred'
          | 'awaiting-approval'
          | 'queued'
          | 'running'
          | 'waiting'
          | 'unknown'
          | 'needs-attention'
          | 'rolling-back'
          | 'compliant'
          | 'drifted'
          | 'succeeded'
          | 'failed'
          | 'rolled-back'
          | 'rollback-failed'
          | 'rejected'
          | 'expired'
          | 'superseded'
          | 'cancelled'
          | 'blocked';
      };
    };
    readonly RolloutSummary: {
      readonly id: string;
      readonly runbook: {
        readonly id: string;
        readonly version: string;
        readonly contentDigest: string;
      };
      readonly requester: {
        readonly id: string;
        readonly name: string;
        readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      };
      readonly reason: string;
      readonly ticket?: string;
      readonly retryOf?: string;
      readonly rollbackOf?: string;
      readonly count: number;
      readonly declaration: {
        readonly waves: readonly {
          readonly size: number | string;
          readonly name?: string;
          readonly soak?: string;
          readonly approval?: boolean;
        }[];
        readonly budget: {
          readonly failed: number;
          readonly unknown: number;
          readonly unreached: number;
        };
        readonly atOnce: number;
        readonly perSite?: number;
        readonly window: string;
      };
      /** @enum {unknown} */
      readonly status: 'open' | 'running' | 'paused' | 'ended';
      /** @enum {unknown} */
      readonly ending?: 'finished' | 'aborted' | 'window-over' | 'rejected' | 'not-approved';
      readonly submittedAt: string;
    };
    readonly RolloutDetail: {
      readonly id: string;
      readonly runbook: {
        readonly id: string;
        readonly version: string;
        readonly contentDigest: string;
      };
      readonly requester: {
        readonly id: string;
        readonly name: string;
        readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      };
      readonly reason: string;
      readonly ticket?: string;
      readonly retryOf?: string;
      readonly rollbackOf?: string;
      readonly count: number;
      readonly declaration: {
        readonly waves: readonly {
          readonly size: number | string;
          readonly name?: string;
          readonly soak?: string;
          readonly approval?: boolean;
        }[];
        readonly budget: {
          readonly failed: number;
          readonly unknown: number;
          readonly unreached: number;
        };
        readonly atOnce: number;
        readonly perSite?: number;
        readonly window: string;
      };
      /** @enum {unknown} */
      readonly status: 'open' | 'running' | 'paused' | 'ended';
      /** @enum {unknown} */
      readonly ending?: 'finished' | 'aborted' | 'window-over' | 'rejected' | 'not-approved';
      readonly submittedAt: string;
      readonly pool: string;
      readonly itemsDigest: string;
      readonly requestDigest: string;
      readonly salt?: string;
      readonly grant: string | null;
      readonly until: string | null;
      readonly approvalsToResume: number | null;
      readonly waves: readonly {
        readonly name?: string;
        readonly items: number;
        readonly proved: boolean;
      }[];
      readonly items: readonly {
        readonly index: number;
        readonly job: string;
        readonly target: string;
        /** @enum {unknown} */
        readonly state:
          | 'planning'
          | 'deferred'
          | 'awaiting-approval'
          | 'queued'
          | 'running'
          | 'waiting'
          | 'unknown'
          | 'needs-attention'
          | 'rolling-back'
          | 'compliant'
          | 'drifted'
          | 'succeeded'
          | 'failed'
          | 'rolled-back'
          | 'rollback-failed'
          | 'rejected'
          | 'expired'
          | 'superseded'
          | 'cancelled'
          | 'blocked';
        readonly code?: string;
        /** @enum {unknown} */
        readonly status:
          | 'planning'
          | 'planned'
          | 'no-plan'
          | 'ready'
          | 'left-out'
          | 'started'
          | 'fixed'
          | 'already-fine'
          | 'failed'
          | 'unknown'
          | 'unreached';
        readonly wave: number | null;
        readonly parameters: {
          readonly [key: string]: unknown;
        };
      }[];
      readonly leftOut?: readonly {
        readonly index: number;
        readonly target: string;
        readonly code: string;
        readonly meaning: string;
      }[];
      readonly undoneBy: readonly string[];
      readonly stops: readonly {
        readonly id: string;
        /** @enum {unknown} */
        readonly kind: 'pause' | 'abort' | 'exclude';
        readonly items: readonly number[];
        readonly by: {
          readonly id: string;
          readonly name: string;
        } | null;
        readonly reason?: string;
        readonly code?: string;
        readonly meaning?: string;
        readonly wave?: number;
        readonly at: string;
        readonly ended: boolean;
      }[];
      readonly decisions: readonly {
        readonly id: string;
        /** @enum {unknown} */
        readonly kind: 'approve' | 'reject' | 'resume';
        readonly person: {
          readonly id: string;
          readonly name: string;
        };
        readonly reason: string;
        /** @enum {unknown} */
        readonly proof: 'token' | 'key';
        readonly at: string;
        /** @enum {unknown} */
        readonly status: 'pending' | 'counted' | 'accepted' | 'refused';
        readonly code?: string;
        readonly ends?: readonly string[];
        readonly exclude?: readonly number[];
        readonly missing?: number;
      }[];
    };
    readonly ScanSummary: {
      readonly id: string;
      readonly runbook: {
        readonly id: string;
        readonly version: string;
        readonly contentDigest: string;
      };
      readonly requester: {
        readonly id: string;
        readonly name: string;
        readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      };
      readonly reason: string;
      readonly ticket?: string;
      readonly count: number;
      readonly counts: {
        readonly planning: number;
        readonly compliant: number;
        readonly drifted: number;
        readonly failed: number;
        readonly unreached: number;
        readonly cancelled: number;
      };
      readonly submittedAt: string;
      readonly endedAt: string | null;
    };
    readonly ScanDetail: {
      readonly id: string;
      readonly runbook: {
        readonly id: string;
        readonly version: string;
        readonly contentDigest: string;
      };
      readonly requester: {
        readonly id: string;
        readonly name: string;
        readonly roles: readonly ('helpdesk' | 'approver' | 'operator' | 'auditor' | 'admin')[];
      };
      readonly reason: string;
      readonly ticket?: string;
      readonly count: number;
      readonly counts: {
        readonly planning: number;
        readonly compliant: number;
        readonly drifted: number;
        readonly failed: number;
        readonly unreached: number;
        readonly cancelled: number;
      };
      readonly submittedAt: string;
      readonly endedAt: string | null;
      readonly pool: string;
      readonly itemsDigest: string;
      readonly requestDigest: string;
      readonly items: readonly {
        readonly index: number;
        readonly job: string;
        readonly target: string;
        readonly parameters: {
          readonly [key: string]: unknown;
        };
        /** @enum {unknown} */
        readonly status: 'planning' | 'compliant' | 'drifted' | 'failed' | 'unreached' | 'cancelled';
        /** @enum {unknown} */
        readonly state:
          | 'planning'
          | 'deferred'
          | 'awaiting-approval'
          | 'queued'
          | 'running'
          | 'waiting'
          | 'unknown'
          | 'needs-attention'
          | 'rolling-back'
          | 'compliant'
          | 'drifted'
          | 'succeeded'
          | 'failed'
          | 'rolled-back'
          | 'rollback-failed'
          | 'rejected'
          | 'expired'
          | 'superseded'
          | 'cancelled'
          | 'blocked';
        readonly code?: string;
        readonly meaning?: string;
        readonly changes: number;
        readonly plan: string | null;
        readonly risk: ('R0' | 'R1' | 'R2' | 'R3') | null;
        readonly actions: readonly {
          readonly action: string;
          readonly count: number;
        }[];
      }[];
    };
    readonly Compliance: {
      readonly runbook: string;
      readonly scans: readonly {
        readonly scan: string;
        readonly version: string;
        readonly submittedAt: string;
        readonly endedAt: string;
        readonly count: number;
        readonly counts: {
          readonly planning: number;
          readonly compliant: number;
          readonly drifted: number;
          readonly failed: number;
          readonly unreached: number;
          readonly cancelled: number;
        };
        readonly changed: readonly {
          readonly target: string;
          readonly name: string;
          readonly parameters: {
            readonly [key: string]: unknown;
          };
          readonly before: {
            /** @enum {unknown} */
            readonly status: 'planning' | 'compliant' | 'drifted' | 'failed' | 'unreached' | 'cancelled';
            readonly changes: number;
          };
          readonly after: {
            /** @enum {unknown} */
            readonly status: 'planning' | 'compliant' | 'drifted' | 'failed' | 'unreached' | 'cancelled';
            readonly changes: number;
          };
        }[];
      }[];
    };
    readonly SelectionShown: {
      readonly id: string;
      readonly name: string;
      readonly select: {
        readonly names?: readonly string[];
        readonly kinds?: readonly (
          'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
        )[];
        readonly tiers?: readonly (0 | 1 | 2)[];
        readonly sites?: readonly string[];
        readonly tags?: readonly string[];
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
};
export type $defs = Record<string, never>;
export interface operations {
  readonly 'get-me': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Me'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-runbooks': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RunbookPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-runbooks-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RunbookDetail'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'runbook-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-freeze': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Frozen'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-freeze': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Frozen'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'delete-freeze': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Frozen'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-admissions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly {
              readonly id: string;
              /** @enum {unknown} */
              readonly kind:
                | 'admit'
                | 'disable'
                | 'revoke'
                | 'admit-targets'
                | 'remove-targets'
                | 'admit-policy'
                | 'approve-standing'
                | 'withdraw-standing';
              readonly about: string;
              /** @description Content digest of a version. */
              readonly contentDigest?: string;
              /** @description Content digest of the current version, with which it was compared; null where there is none. */
              readonly before?: string | null;
              readonly person: {
                readonly id: string;
                readonly name: string;
              };
              readonly reason: string;
              readonly requestedAt: string;
              /** @enum {unknown} */
              readonly status: 'new' | 'open' | 'done' | 'refused';
              readonly code?: string;
              readonly detail?: string;
            }[];
            readonly next: string | null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-admissions': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json':
          | {
              /** @constant */
              readonly kind: 'admit';
              readonly files: readonly {
                readonly path: string;
                readonly text: string;
              }[];
              /** @description Content digest of the current version, with which it was compared; null where there is none. */
              readonly before: string | null;
              readonly reason: string;
              readonly proof?: {
                /** @enum {unknown} */
                readonly kind: 'key';
                readonly kid: string;
                readonly nonce: string;
                /** Format: date-time */
                readonly at: string;
                readonly signature: string;
              };
            }
          | {
              /** @constant */
              readonly kind: 'disable';
              readonly runbook: string;
              /** @description Content digest of a version. */
              readonly contentDigest?: string;
              readonly reason: string;
              readonly proof?: {
                /** @enum {unknown} */
                readonly kind: 'key';
                readonly kid: string;
                readonly nonce: string;
                /** Format: date-time */
                readonly at: string;
                readonly signature: string;
              };
            }
          | {
              /** @constant */
              readonly kind: 'revoke';
              readonly runbook: string;
              /** @description Content digest of a version. */
              readonly contentDigest: string;
              readonly reason: string;
              readonly proof?: {
                /** @enum {unknown} */
                readonly kind: 'key';
                readonly kid: string;
                readonly nonce: string;
                /** Format: date-time */
                readonly at: string;
                readonly signature: string;
              };
            };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'service-token'
              | 'runbook-unreadable'
              | 'runbook-not-found'
              | 'version-needed'
              | 'decision-replayed'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-admissions-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
            readonly files: readonly {
              readonly path: string;
              readonly text: string;
            }[];
            readonly targets: readonly {
              readonly id: string;
              /** @description Digest of the form that was admitted last; null where none counts. */
              readonly before: string | null;
              readonly current: components['schemas']['Target'] | null;
              readonly after: components['schemas']['Target'] | null;
            }[];
            readonly policy?: {
              /** @description Digest of the form that was admitted last; null where none counts. */
              readonly before: string | null;
              readonly current: string | null;
              readonly after: string;
            };
            readonly standing?: {
              readonly schedule: string;
              readonly before: string | null;
              readonly current: {
                /** @enum {unknown} */
                readonly v: 1;
                readonly schedule: {
                  readonly id: string;
                  readonly sha256: string;
                };
                readonly runbook: {
                  readonly id: string;
                  readonly version: string;
                  readonly contentSha256: string;
                };
                readonly targets: readonly {
                  readonly id: string;
                  readonly name: string;
                  readonly sha256: string;
                }[];
                readonly parameters: {
                  readonly [key: string]: unknown;
                };
                readonly actions: readonly string[];
                readonly most: {
                  readonly perTarget: number;
                  readonly inAll: number;
                };
                readonly hours: {
                  /** @description IANA time zone. */
                  readonly zone: string;
                  readonly windows: readonly (
                    | {
                        /** @constant */
                        readonly kind: 'weekly';
                        /** @description 1 is Monday, 7 is Sunday. */
                        readonly days: readonly number[];
                        readonly from: string;
                        readonly to: string;
                      }
                    | {
                        /** @constant */
                        readonly kind: 'once';
                        readonly from: string;
                        readonly to: string;
                      }
                  )[];
                };
                readonly notBefore: string;
                readonly notAfter: string;
                readonly salt: string;
              } | null;
              readonly envelope: {
                /** @enum {unknown} */
                readonly v: 1;
                readonly schedule: {
                  readonly id: string;
                  readonly sha256: string;
                };
                readonly runbook: {
                  readonly id: string;
                  readonly version: string;
                  readonly contentSha256: string;
                };
                readonly targets: readonly {
                  readonly id: string;
                  readonly name: string;
                  readonly sha256: string;
                }[];
                readonly parameters: {
                  readonly [key: string]: unknown;
                };
                readonly actions: readonly string[];
                readonly most: {
                  readonly perTarget: number;
                  readonly inAll: number;
                };
                readonly hours: {
                  /** @description IANA time zone. */
                  readonly zone: string;
                  readonly windows: readonly (
                    | {
                        /** @constant */
                        readonly kind: 'weekly';
                        /** @description 1 is Monday, 7 is Sunday. */
                        readonly days: readonly number[];
                        readonly from: string;
                        readonly to: string;
                      }
                    | {
                        /** @constant */
                        readonly kind: 'once';
                        readonly from: string;
                        readonly to: string;
                      }
                  )[];
                };
                readonly notBefore: string;
                readonly notAfter: string;
                readonly salt: string;
              } | null;
            };
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-admissions-id-decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @enum {unknown} */
          readonly decision: 'confirm' | 'reject';
          /** @description Content digest of a version. */
          readonly contentDigest: string;
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'service-token'
              | 'not-found'
              | 'own-request'
              | 'version-changed'
              | 'request-ended'
              | 'decision-replayed'
              | 'proof-invalid'
              | 'key-required'
              | 'key-unknown'
              | 'key-revoked'
              | 'signature-invalid'
              | 'decision-stale'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-runbooks-id-files': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            /** @description Content digest of a version. */
            readonly contentDigest: string;
            readonly files: readonly {
              readonly path: string;
              readonly text: string;
            }[];
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'runbook-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-audit': {
    readonly parameters: {
      readonly query?: {
        readonly job?: string;
        /** @description Id of whoever did what the event says: a person or a process. */
        readonly actor?: string;
        /** @description Id or name of a person: the actor, the requester of the job, or who decided about it. */
        readonly person?: string;
        /** @description Part of a text that the job is about: a name, an id, a parameter or a changed resource. */
        readonly subject?: string;
        readonly runbook?: string;
        /** @description Name or id of a target. */
        readonly target?: string;
        readonly action?:
          | 'access.denied'
          | 'calendar.changed'
          | 'calendar.created'
          | 'calendar.deleted'
          | 'change.intent'
          | 'change.reconciled'
          | 'change.result'
          | 'change.result-late'
          | 'clock.jumped-back'
          | 'consent.recorded'
          | 'freeze.off'
          | 'freeze.on'
          | 'grant.revoked'
          | 'grant.used'
          | 'job.approved'
          | 'job.blocked'
          | 'job.cancel-requested'
          | 'job.cancelled'
          | 'job.claimed'
          | 'job.compliant'
          | 'job.decided'
          | 'job.decision-refused'
          | 'job.deferred'
          | 'job.drifted'
          | 'job.expired'
          | 'job.failed'
          | 'job.message-dropped'
          | 'job.needs-attention'
          | 'job.not-covered'
          | 'job.planned'
          | 'job.planning-started'
          | 'job.rejected'
          | 'job.requeued'
          | 'job.resolved'
          | 'job.rollback-failed'
          | 'job.rolled-back'
          | 'job.rolling-back'
          | 'job.scanned'
          | 'job.submitted'
          | 'job.succeeded'
          | 'job.superseded'
          | 'job.unknown'
          | 'job.waiting'
          | 'key.refused'
          | 'key.registered'
          | 'key.requested'
          | 'key.revoked'
          | 'policy.admission-refused'
          | 'policy.admission-requested'
          | 'policy.admitted'
          | 'record.restored'
          | 'rollout.abort-requested'
          | 'rollout.approved'
          | 'rollout.decided'
          | 'rollout.decision-refused'
          | 'rollout.ended'
          | 'rollout.excluded'
          | 'rollout.paused'
          | 'rollout.rejected'
          | 'rollout.resumed'
          | 'rollout.submitted'
          | 'rollout.wave-proved'
          | 'rollout.wave-started'
          | 'runbook.admission-refused'
          | 'runbook.admission-requested'
          | 'runbook.admitted'
          | 'runbook.disabled'
          | 'runbook.loaded'
          | 'runbook.refused'
          | 'runbook.revoked'
          | 'scan.ended'
          | 'scan.submitted'
          | 'schedule.created'
          | 'schedule.missed'
          | 'schedule.paused'
          | 'schedule.removed'
          | 'schedule.resumed'
          | 'selection.changed'
          | 'selection.created'
          | 'selection.deleted'
          | 'standing.approval-refused'
          | 'standing.approval-requested'
          | 'standing.approved'
          | 'standing.withdrawn'
          | 'target.admission-refused'
          | 'target.admission-requested'
          | 'target.changed'
          | 'target.created'
          | 'target.deleted'
          | 'target.maintenance-ended'
          | 'target.maintenance-started'
          | 'token.issued'
          | 'token.revoked'
          | 'values.erased';
        readonly from?: string;
        readonly to?: string;
        /** @description json, the default, is one page. csv and jsonl are all events that fit, or the first `limit` of them. */
        readonly format?: 'json' | 'csv' | 'jsonl';
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['AuditPage'];
          readonly 'text/csv': string;
          readonly 'application/jsonl': string;
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-audit-export': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description One JSON value on each line. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/jsonl': string;
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-jobs': {
    readonly parameters: {
      readonly query?: {
        /** @description The first characters of the id. */
        readonly id?: string;
        readonly state?:
          | 'planning'
          | 'deferred'
          | 'awaiting-approval'
          | 'queued'
          | 'running'
          | 'waiting'
          | 'unknown'
          | 'needs-attention'
          | 'rolling-back'
          | 'compliant'
          | 'drifted'
          | 'succeeded'
          | 'failed'
          | 'rolled-back'
          | 'rollback-failed'
          | 'rejected'
          | 'expired'
          | 'superseded'
          | 'cancelled'
          | 'blocked';
        readonly runbook?: string;
        readonly target?: string;
        readonly requester?: string;
        readonly ticket?: string;
        readonly from?: string;
        readonly to?: string;
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-jobs': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly runbook: string;
          readonly target: string;
          readonly parameters: {
            readonly [key: string]: unknown;
          };
          readonly reason: string;
          readonly ticket?: string;
          readonly supersedes?: string;
          readonly follows?: string;
          readonly window?: {
            /** Format: date-time */
            readonly from: string;
            /** Format: date-time */
            readonly to: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'frozen'
              | 'not-supersedable'
              | 'runbook-not-found'
              | 'target-not-found'
              | 'local-refused'
              | 'target-kind'
              | 'invalid-parameters'
              | 'too-many-requests'
              | 'precondition-missing'
              | 'window-refused'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'target-not-admitted'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-jobs-batch': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly requests: readonly {
            readonly runbook: string;
            readonly target: string;
            readonly parameters: {
              readonly [key: string]: unknown;
            };
            readonly reason: string;
            readonly ticket?: string;
            readonly follows?: string;
            readonly window?: {
              /** Format: date-time */
              readonly from: string;
              /** Format: date-time */
              readonly to: string;
            };
          }[];
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['BatchAccepted'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'frozen'
              | 'batch-refused'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-jobs-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobDetail'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'job-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-jobs-id-plan': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PlanDocument'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'job-not-found'
              | 'not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-jobs-id-output': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['OutputPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'job-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-jobs-id-events': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        readonly 'Last-Event-ID'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Server-sent events; the schema is that of one event, whose `data` is sent as JSON text. `id` is the sequence number for Last-Event-ID. A comment every 15 seconds keeps the connection alive. The stream ends with the next comment after its token has ended or its person has got other roles. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/event-stream': components['schemas']['JobStreamEvent'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'too-many-streams'
              | 'job-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-events': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Server-sent events; the schema is that of one event, whose `data` is sent as JSON text. `id` is the sequence number for Last-Event-ID. A comment every 15 seconds keeps the connection alive. The stream ends with the next comment after its token has ended or its person has got other roles. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'text/event-stream': components['schemas']['ChangeStreamEvent'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'too-many-streams'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-jobs-id-decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @enum {unknown} */
          readonly decision: 'approve' | 'reject';
          readonly planDigest: string;
          readonly reason: string;
          /** Format: date-time */
          readonly executeBy?: string;
          /** @enum {unknown} */
          readonly onFailure?: 'leave' | 'rollback';
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'job-not-found'
              | 'locked'
              | 'grant-used'
              | 'already-decided'
              | 'duplicate-event'
              | 'own-request'
              | 'not-an-approver'
              | 'service-token'
              | 'approval-expired'
              | 'proof-invalid'
              | 'key-required'
              | 'key-unknown'
              | 'key-revoked'
              | 'signature-invalid'
              | 'decision-stale'
              | 'decision-replayed'
              | 'execute-by'
              | 'not-awaiting-approval'
              | 'plan-changed'
              | 'plan-outdated'
              | 'request-changed'
              | 'of-a-rollout'
              | 'scan-only'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'target-not-admitted'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-jobs-id-cancel': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'job-not-found'
              | 'locked'
              | 'grant-used'
              | 'already-decided'
              | 'duplicate-event'
              | 'already-ended'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-jobs-id-rollback': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'frozen'
              | 'not-supersedable'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'job-not-found'
              | 'no-rollback'
              | 'not-ended'
              | 'nothing-to-undo'
              | 'undo-incomplete'
              | 'already-rolled-back'
              | 'values-erased'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-jobs-id-resolve': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @enum {unknown} */
          readonly resolution: 'in-place' | 'not-in-place';
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['JobDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'job-not-found'
              | 'locked'
              | 'grant-used'
              | 'already-decided'
              | 'duplicate-event'
              | 'not-needing-attention'
              | 'separation-of-duties'
              | 'service-token'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-schedules': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['ScheduleSummary'][];
            readonly next: string | null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-schedules': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string;
          readonly when:
            | {
                /** @constant */
                readonly kind: 'cron';
                /** @description Five fields: minute hour day-of-month month day-of-week. */
                readonly expression: string;
                /** @description IANA time zone. */
                readonly zone: string;
              }
            | {
                /** @constant */
                readonly kind: 'once';
                /** Format: date-time */
                readonly at: string;
                /** @description IANA time zone. */
                readonly zone: string;
              };
          /** @description Such as `30m`, `8h` or `0s`. */
          readonly jitter: string;
          readonly misfire:
            | {
                /** @constant */
                readonly policy: 'skip';
              }
            | {
                /** @constant */
                readonly policy: 'run-once';
                /** @description Such as `30m`, `8h` or `0s`. */
                readonly within: string;
              };
          /** @description Such as `30m`, `8h` or `0s`. */
          readonly window: string;
          readonly approval:
            | {
                /** @constant */
                readonly kind: 'each-time';
                /** @description Such as `30m`, `8h` or `0s`. */
                readonly lead: string;
              }
            | {
                /** @constant */
                readonly kind: 'standing';
              }
            | {
                /** @constant */
                readonly kind: 'none';
              };
          /** @description Names or ids. */
          readonly calendars: readonly string[];
          readonly action:
            | {
                /** @constant */
                readonly kind: 'job';
                readonly runbook: string;
                readonly parameters: {
                  readonly [key: string]: unknown;
                };
                readonly reason: string;
                readonly ticket?: string;
                readonly target: string;
              }
            | {
                /** @constant */
                readonly kind: 'scan';
                readonly runbook: string;
                readonly parameters: {
                  readonly [key: string]: unknown;
                };
                readonly reason: string;
                readonly ticket?: string;
                readonly select?: {
                  readonly names?: readonly string[];
                  readonly kinds?: readonly (
                    'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
                  )[];
                  readonly tiers?: readonly (0 | 1 | 2)[];
                  readonly sites?: readonly string[];
                  readonly tags?: readonly string[];
                };
                readonly selection?: string;
              };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScheduleSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'schedule-refused'
              | 'schedule-name-taken'
              | 'calendar-not-found'
              | 'selection-empty'
              | 'selection-unbounded'
              | 'selection-unclear'
              | 'selection-not-found'
              | 'scan-refused'
              | 'scan-too-large'
              | 'too-many-scans'
              | 'runbook-not-found'
              | 'target-not-found'
              | 'local-refused'
              | 'target-kind'
              | 'invalid-parameters'
              | 'too-many-requests'
              | 'precondition-missing'
              | 'window-refused'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'target-not-admitted'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-schedules-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScheduleDetail'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'schedule-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'delete-schedules-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'schedule-not-found'
              | 'schedule-changed'
              | 'schedule-ended'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-schedules-id-next': {
    readonly parameters: {
      readonly query?: {
        readonly count?: number;
      };
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['NextRun'][];
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'schedule-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-schedules-preview': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly when:
            | {
                /** @constant */
                readonly kind: 'cron';
                /** @description Five fields: minute hour day-of-month month day-of-week. */
                readonly expression: string;
                /** @description IANA time zone. */
                readonly zone: string;
              }
            | {
                /** @constant */
                readonly kind: 'once';
                /** Format: date-time */
                readonly at: string;
                /** @description IANA time zone. */
                readonly zone: string;
              };
          /** @description Such as `30m`, `8h` or `0s`. */
          readonly jitter: string;
          readonly misfire:
            | {
                /** @constant */
                readonly policy: 'skip';
              }
            | {
                /** @constant */
                readonly policy: 'run-once';
                /** @description Such as `30m`, `8h` or `0s`. */
                readonly within: string;
              };
          /** @description Such as `30m`, `8h` or `0s`. */
          readonly window: string;
          readonly approval:
            | {
                /** @constant */
                readonly kind: 'each-time';
                /** @description Such as `30m`, `8h` or `0s`. */
                readonly lead: string;
              }
            | {
                /** @constant */
                readonly kind: 'standing';
              }
            | {
                /** @constant */
                readonly kind: 'none';
              };
          /** @description Names or ids. */
          readonly calendars: readonly string[];
          readonly count?: number;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['NextRun'][];
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'schedule-refused'
              | 'calendar-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-schedules-id-pause': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScheduleSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'schedule-not-found'
              | 'schedule-changed'
              | 'schedule-ended'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-schedules-id-resume': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScheduleSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'schedule-not-found'
              | 'schedule-changed'
              | 'schedule-ended'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-calendars': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['CalendarShown'][];
            readonly next: null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-calendars': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string;
          /** @enum {unknown} */
          readonly kind: 'blackout' | 'maintenance';
          /** @description IANA time zone. */
          readonly zone: string;
          readonly windows: readonly (
            | {
                /** @constant */
                readonly kind: 'weekly';
                /** @description 1 is Monday, 7 is Sunday. */
                readonly days: readonly number[];
                readonly from: string;
                readonly to: string;
              }
            | {
                /** @constant */
                readonly kind: 'once';
                readonly from: string;
                readonly to: string;
              }
          )[];
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CalendarShown'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'calendar-refused'
              | 'calendar-name-taken'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-calendars-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CalendarShown'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'calendar-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'delete-calendars-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the target when it was read, or `*`. */
        readonly 'If-Match'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'calendar-not-found'
              | 'calendar-in-use'
              | 'etag-mismatch'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'patch-calendars-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the target when it was read, or `*`. */
        readonly 'If-Match'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string;
          /** @enum {unknown} */
          readonly kind: 'blackout' | 'maintenance';
          /** @description IANA time zone. */
          readonly zone: string;
          readonly windows: readonly (
            | {
                /** @constant */
                readonly kind: 'weekly';
                /** @description 1 is Monday, 7 is Sunday. */
                readonly days: readonly number[];
                readonly from: string;
                readonly to: string;
              }
            | {
                /** @constant */
                readonly kind: 'once';
                readonly from: string;
                readonly to: string;
              }
          )[];
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['CalendarShown'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'calendar-not-found'
              | 'calendar-refused'
              | 'calendar-name-taken'
              | 'etag-mismatch'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-selections': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['SelectionShown'][];
            readonly next: null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-selections': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string;
          readonly select: {
            readonly names?: readonly string[];
            readonly kinds?: readonly (
              'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
            )[];
            readonly tiers?: readonly (0 | 1 | 2)[];
            readonly sites?: readonly string[];
            readonly tags?: readonly string[];
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SelectionShown'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'selection-unbounded'
              | 'selection-name-taken'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-selections-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SelectionShown'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'selection-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'delete-selections-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the target when it was read, or `*`. */
        readonly 'If-Match'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'selection-not-found'
              | 'etag-mismatch'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'patch-selections-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the target when it was read, or `*`. */
        readonly 'If-Match'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string;
          readonly select: {
            readonly names?: readonly string[];
            readonly kinds?: readonly (
              'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
            )[];
            readonly tiers?: readonly (0 | 1 | 2)[];
            readonly sites?: readonly string[];
            readonly tags?: readonly string[];
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['SelectionShown'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'selection-not-found'
              | 'selection-unbounded'
              | 'selection-name-taken'
              | 'etag-mismatch'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-selections-id-targets': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['Target'][];
            readonly next: null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'selection-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-schedules-id-standing': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly schedule: string;
            readonly sha256: string | null;
            readonly envelope: {
              /** @enum {unknown} */
              readonly v: 1;
              readonly schedule: {
                readonly id: string;
                readonly sha256: string;
              };
              readonly runbook: {
                readonly id: string;
                readonly version: string;
                readonly contentSha256: string;
              };
              readonly targets: readonly {
                readonly id: string;
                readonly name: string;
                readonly sha256: string;
              }[];
              readonly parameters: {
                readonly [key: string]: unknown;
              };
              readonly actions: readonly string[];
              readonly most: {
                readonly perTarget: number;
                readonly inAll: number;
              };
              readonly hours: {
                /** @description IANA time zone. */
                readonly zone: string;
                readonly windows: readonly (
                  | {
                      /** @constant */
                      readonly kind: 'weekly';
                      /** @description 1 is Monday, 7 is Sunday. */
                      readonly days: readonly number[];
                      readonly from: string;
                      readonly to: string;
                    }
                  | {
                      /** @constant */
                      readonly kind: 'once';
                      readonly from: string;
                      readonly to: string;
                    }
                )[];
              };
              readonly notBefore: string;
              readonly notAfter: string;
              readonly salt: string;
            } | null;
            readonly by: readonly {
              readonly id: string;
              readonly name: string;
            }[];
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'schedule-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-schedules-id-standing': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly before: string | null;
          readonly envelope: {
            /** @enum {unknown} */
            readonly v: 1;
            readonly schedule: {
              readonly id: string;
              readonly sha256: string;
            };
            readonly runbook: {
              readonly id: string;
              readonly version: string;
              readonly contentSha256: string;
            };
            readonly targets: readonly {
              readonly id: string;
              readonly name: string;
              readonly sha256: string;
            }[];
            readonly parameters: {
              readonly [key: string]: unknown;
            };
            readonly actions: readonly string[];
            readonly most: {
              readonly perTarget: number;
              readonly inAll: number;
            };
            readonly hours: {
              /** @description IANA time zone. */
              readonly zone: string;
              readonly windows: readonly (
                | {
                    /** @constant */
                    readonly kind: 'weekly';
                    /** @description 1 is Monday, 7 is Sunday. */
                    readonly days: readonly number[];
                    readonly from: string;
                    readonly to: string;
                  }
                | {
                    /** @constant */
                    readonly kind: 'once';
                    readonly from: string;
                    readonly to: string;
                  }
              )[];
            };
            readonly notBefore: string;
            readonly notAfter: string;
            readonly salt: string;
          } | null;
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'service-token'
              | 'schedule-not-found'
              | 'decision-replayed'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-rollouts': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['RolloutSummary'][];
            readonly next: string | null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly runbook: string;
          readonly reason: string;
          readonly ticket?: string;
          readonly items?: readonly {
            readonly target: string;
            readonly parameters?: {
              readonly [key: string]: unknown;
            };
          }[];
          readonly select?: {
            readonly names?: readonly string[];
            readonly kinds?: readonly (
              'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
            )[];
            readonly tiers?: readonly (0 | 1 | 2)[];
            readonly sites?: readonly string[];
            readonly tags?: readonly string[];
          };
          readonly selection?: string;
          readonly retryOf?: string;
          readonly parameters?: {
            readonly [key: string]: unknown;
          };
          readonly expect: number;
          readonly waves?: readonly {
            readonly size: number | string;
            readonly name?: string;
            readonly soak?: string;
            readonly approval?: boolean;
          }[];
          readonly budget?: {
            readonly failed?: number;
            readonly unknown?: number;
            readonly unreached?: number;
          };
          readonly atOnce?: number;
          readonly perSite?: number;
          readonly window?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'frozen'
              | 'count-mismatch'
              | 'declaration-refused'
              | 'rollout-refused'
              | 'rollout-too-large'
              | 'too-many-rollouts'
              | 'rollout-not-found'
              | 'not-ended-rollout'
              | 'rollout-is-rollback'
              | 'selection-empty'
              | 'selection-unbounded'
              | 'selection-unclear'
              | 'selection-not-found'
              | 'not-for-rollouts'
              | 'runbook-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts-id-rollback': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
          readonly ticket?: string;
          readonly expect: number;
          readonly waves?: readonly {
            readonly size: number | string;
            readonly name?: string;
            readonly soak?: string;
            readonly approval?: boolean;
          }[];
          readonly budget?: {
            readonly failed?: number;
            readonly unknown?: number;
            readonly unreached?: number;
          };
          readonly atOnce?: number;
          readonly perSite?: number;
          readonly window?: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'frozen'
              | 'count-mismatch'
              | 'declaration-refused'
              | 'rollout-refused'
              | 'rollout-too-large'
              | 'too-many-rollouts'
              | 'rollout-not-found'
              | 'not-ended-rollout'
              | 'rollout-is-rollback'
              | 'no-rollback'
              | 'rollback-not-ended'
              | 'nothing-to-roll-back'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-rollouts-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutDetail'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'rollout-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-rollouts-id-plans': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly root: string;
            readonly list: readonly {
              readonly index: number;
              readonly job: string;
              readonly plan: string;
            }[];
            readonly groups: readonly {
              readonly kinds: readonly {
                readonly action: string;
                /** @enum {unknown} */
                readonly class: 'ensure' | 'once' | 'irreversible';
                /** @enum {unknown} */
                readonly risk: 'R0' | 'R1' | 'R2' | 'R3';
                readonly fields: unknown;
                readonly least: number;
                readonly most: number;
              }[];
              readonly items: readonly number[];
            }[];
            readonly decideBy: string | null;
            readonly planning: readonly number[];
            readonly notRepeatable: readonly number[];
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'rollout-not-found'
              | 'runbook-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts-id-decision': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @enum {unknown} */
          readonly decision: 'approve' | 'reject';
          readonly root: string;
          /** Format: date-time */
          readonly executeBy?: string;
          /** @enum {unknown} */
          readonly onFailure?: 'leave' | 'rollback';
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'service-token'
              | 'rollout-not-found'
              | 'already-decided'
              | 'list-changed'
              | 'own-request'
              | 'not-an-approver'
              | 'proof-invalid'
              | 'key-required'
              | 'key-unknown'
              | 'key-revoked'
              | 'signature-invalid'
              | 'decision-replayed'
              | 'decision-stale'
              | 'approval-expired'
              | 'execute-by'
              | 'request-changed'
              | 'plan-outdated'
              | 'target-not-admitted'
              | 'not-repeatable'
              | 'rollout-too-large'
              | 'not-paused'
              | 'budget-exceeded'
              | 'rollout-ended'
              | 'not-ended-rollout'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts-id-resume': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly ends: readonly string[];
          readonly exclude: readonly number[];
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'service-token'
              | 'rollout-not-found'
              | 'already-decided'
              | 'list-changed'
              | 'own-request'
              | 'not-an-approver'
              | 'proof-invalid'
              | 'key-required'
              | 'key-unknown'
              | 'key-revoked'
              | 'signature-invalid'
              | 'decision-replayed'
              | 'decision-stale'
              | 'approval-expired'
              | 'execute-by'
              | 'request-changed'
              | 'plan-outdated'
              | 'target-not-admitted'
              | 'not-repeatable'
              | 'rollout-too-large'
              | 'not-paused'
              | 'budget-exceeded'
              | 'rollout-ended'
              | 'not-ended-rollout'
              | 'runbook-disabled'
              | 'admission-revoked'
              | 'admission-expired'
              | 'admission-invalid'
              | 'runbook-not-admitted'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts-id-pause': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'rollout-not-found'
              | 'rollout-ended'
              | 'not-paused'
              | 'item-started'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts-id-abort': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'rollout-not-found'
              | 'rollout-ended'
              | 'not-paused'
              | 'item-started'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-rollouts-id-exclude': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly items: readonly number[];
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['RolloutDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'rollout-not-found'
              | 'rollout-ended'
              | 'not-paused'
              | 'item-started'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-scans': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly items: readonly components['schemas']['ScanSummary'][];
            readonly next: string | null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-scans': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly runbook: string;
          readonly reason: string;
          readonly ticket?: string;
          readonly items?: readonly {
            readonly target: string;
            readonly parameters?: {
              readonly [key: string]: unknown;
            };
          }[];
          readonly select?: {
            readonly names?: readonly string[];
            readonly kinds?: readonly (
              'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array'
            )[];
            readonly tiers?: readonly (0 | 1 | 2)[];
            readonly sites?: readonly string[];
            readonly tags?: readonly string[];
          };
          readonly selection?: string;
          readonly parameters?: {
            readonly [key: string]: unknown;
          };
          readonly expect: number;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScanSummary'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'frozen'
              | 'selection-empty'
              | 'selection-unbounded'
              | 'selection-unclear'
              | 'selection-not-found'
              | 'scan-not-found'
              | 'count-mismatch'
              | 'scan-too-large'
              | 'scan-refused'
              | 'too-many-scans'
              | 'runbook-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-scans-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScanDetail'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'scan-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-scans-id-report': {
    readonly parameters: {
      readonly query?: {
        /** @description json is the default. */
        readonly format?: 'json' | 'csv';
      };
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly scan: string;
            readonly runbook: string;
            readonly endedAt: string | null;
            readonly counts: {
              readonly planning: number;
              readonly compliant: number;
              readonly drifted: number;
              readonly failed: number;
              readonly unreached: number;
              readonly cancelled: number;
            };
            readonly items: readonly {
              readonly index: number;
              readonly job: string;
              readonly target: string;
              readonly parameters: {
                readonly [key: string]: unknown;
              };
              /** @enum {unknown} */
              readonly status: 'planning' | 'compliant' | 'drifted' | 'failed' | 'unreached' | 'cancelled';
              /** @enum {unknown} */
              readonly state:
                | 'planning'
                | 'deferred'
                | 'awaiting-approval'
                | 'queued'
                | 'running'
                | 'waiting'
                | 'unknown'
                | 'needs-attention'
                | 'rolling-back'
                | 'compliant'
                | 'drifted'
                | 'succeeded'
                | 'failed'
                | 'rolled-back'
                | 'rollback-failed'
                | 'rejected'
                | 'expired'
                | 'superseded'
                | 'cancelled'
                | 'blocked';
              readonly code?: string;
              readonly meaning?: string;
              readonly changes: number;
              readonly plan: string | null;
              readonly risk: ('R0' | 'R1' | 'R2' | 'R3') | null;
              readonly actions: readonly {
                readonly action: string;
                readonly count: number;
              }[];
            }[];
          };
          readonly 'text/csv': string;
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'scan-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-scans-id-cancel': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ScanDetail'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'scan-not-found'
              | 'scan-ended'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-compliance': {
    readonly parameters: {
      readonly query: {
        readonly runbook: string;
        readonly since?: string;
        /** @description The newest so many; 30 where it is not given. */
        readonly limit?: number;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Compliance'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-targets': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['TargetPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-targets': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['TargetBody'];
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Target'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'admission-required'
              | 'transport-not-allowed'
              | 'transport-unfit'
              | 'local-refused'
              | 'name-taken'
              | 'machine-taken'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-targets-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Target'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'target-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'delete-targets-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the target when it was read, or `*`. */
        readonly 'If-Match'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'admission-required'
              | 'target-not-found'
              | 'etag-mismatch'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'patch-targets-id': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The `ETag` of the target when it was read, or `*`. */
        readonly 'If-Match'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name?: string;
          /** @enum {unknown} */
          readonly kind?:
            'pc' | 'server' | 'domain' | 'dns-zone' | 'tenant' | 'sync-host' | 'federation-farm' | 'proxy-array';
          readonly transport?:
            | {
                /** @constant */
                readonly type: 'ssh';
                readonly host: string;
                readonly port: number;
                readonly user: string;
                readonly hostKey: string;
              }
            | {
                /** @constant */
                readonly type: 'ldaps';
                readonly servers: readonly string[];
                readonly port: number;
                readonly caFingerprint: string;
              }
            | {
                /** @constant */
                readonly type: 'ldap';
                readonly servers: readonly string[];
                readonly port: number;
              }
            | {
                /** @constant */
                readonly type: 'winrm';
                readonly host: string;
                readonly port: number;
                /** @enum {unknown} */
                readonly auth: 'kerberos' | 'negotiate' | 'ntlm' | 'basic' | 'certificate';
                readonly tls?: {
                  /** @enum {unknown} */
                  readonly pinned: 'authority' | 'certificate';
                  readonly fingerprint: string;
                };
                readonly spn?: string;
                readonly configurationName?: string;
              }
            | {
                /** @constant */
                readonly type: 'local';
              };
          readonly credentials?: {
            readonly detect: string;
            readonly apply: string;
          };
          /** @enum {unknown} */
          readonly tier?: 0 | 1 | 2;
          readonly site?: string;
          readonly tags?: readonly string[];
          readonly settings?: {
            /** @enum {unknown} */
            readonly topology?: 'online' | 'hybrid' | 'onprem' | 'decommissioned';
            readonly verifiedDomains?: readonly string[];
            readonly globalCatalog?: string;
            readonly ntpServers?: readonly string[];
            /** @enum {unknown} */
            readonly userSession?: 'direct' | 'task';
            readonly directory?: string;
            readonly pool?: string;
            readonly backupDir?: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Target'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-header'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'admission-required'
              | 'target-not-found'
              | 'transport-not-allowed'
              | 'transport-unfit'
              | 'etag-mismatch'
              | 'name-taken'
              | 'machine-taken'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-targets-import': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly targets: readonly components['schemas']['TargetBody'][];
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['TargetsImported'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'import-refused'
              | 'admission-required'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-target-status': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['TargetStatusPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-targets-id-status': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['TargetStatus'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'target-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-targets-id-maintenance': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /**
           * Format: date-time
           * @description Between a minute and 90 days from now.
           */
          readonly until: string;
          readonly reason: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['TargetStatus'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'target-not-found'
              | 'maintenance-refused'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'delete-targets-id-maintenance': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['TargetStatus'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'target-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-targets-id-admission': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly required: boolean;
            /** @description Digest of the form that was admitted last; null where none counts. */
            readonly sha256: string | null;
            readonly target: components['schemas']['Target'] | null;
            readonly signedAt: string | null;
            readonly by: readonly {
              readonly id: string;
              readonly name: string;
            }[];
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'target-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-targets-admit': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly targets: readonly {
            readonly id: string;
            /** @description Digest of the form that was admitted last; null where none counts. */
            readonly before: string | null;
            readonly target: components['schemas']['TargetBody'];
          }[];
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'import-refused'
              | 'service-token'
              | 'decision-replayed'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-targets-remove': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly targets: readonly {
            readonly id: string;
            /** @description Digest of the form that was admitted last; null where none counts. */
            readonly before: string | null;
          }[];
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'target-not-found'
              | 'import-refused'
              | 'service-token'
              | 'decision-replayed'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-policy': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly digest: string;
            readonly rules: readonly unknown[];
            /** @description Digest of the form that was admitted last; null where none counts. */
            readonly admitted: string | null;
            readonly text: string | null;
          };
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-policy-admit': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @description Digest of the form that was admitted last; null where none counts. */
          readonly before: string | null;
          readonly text: string;
          readonly reason: string;
          readonly proof?: {
            /** @enum {unknown} */
            readonly kind: 'key';
            readonly kid: string;
            readonly nonce: string;
            /** Format: date-time */
            readonly at: string;
            readonly signature: string;
          };
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': {
            readonly id: string;
            /** @enum {unknown} */
            readonly kind:
              | 'admit'
              | 'disable'
              | 'revoke'
              | 'admit-targets'
              | 'remove-targets'
              | 'admit-policy'
              | 'approve-standing'
              | 'withdraw-standing';
            readonly about: string;
            /** @description Content digest of a version. */
            readonly contentDigest?: string;
            /** @description Content digest of the current version, with which it was compared; null where there is none. */
            readonly before?: string | null;
            readonly person: {
              readonly id: string;
              readonly name: string;
            };
            readonly reason: string;
            readonly requestedAt: string;
            /** @enum {unknown} */
            readonly status: 'new' | 'open' | 'done' | 'refused';
            readonly code?: string;
            readonly detail?: string;
          };
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'service-token'
              | 'decision-replayed'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-consents': {
    readonly parameters: {
      readonly query?: {
        readonly subjectSid?: string;
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ConsentPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-consents': {
    readonly parameters: {
      readonly query?: never;
      readonly header: {
        /** @description New for each request, kept for 24 hours per person and route. The same key with the same body is answered as the first time and does nothing again; with another body: 422 idempotency-mismatch. */
        readonly 'Idempotency-Key': string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @enum {unknown} */
          readonly kind: 'close-client' | 'close-office' | 'rsa-keys' | 'protected-keys' | 'log-collection';
          readonly subjectSid: string;
          readonly evidence: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 201: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['Consent'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'idempotency-key-required'
              | 'idempotency-mismatch'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'get-keys': {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number;
        /** @description `next` of the page before. */
        readonly cursor?: string;
      };
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PersonKeyPage'];
        };
      };
      /** @description What `If-None-Match` names is still the answer. */
      readonly 304: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-keys': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly publicKey: string;
          /** Format: date-time */
          readonly at: string;
          readonly signature: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PersonKey'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'service-token'
              | 'key-weak'
              | 'signature-invalid'
              | 'decision-stale'
              | 'key-taken'
              | 'key-not-found'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-keys-id-confirm': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly kid: string;
          /** Format: date-time */
          readonly at: string;
          readonly signature: string;
        };
      };
    };
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PersonKey'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'invalid-request'
              | 'malformed-json'
              | 'body-too-deep'
              | 'body-too-large'
              | 'unsupported-media-type'
              | 'service-token'
              | 'own-key'
              | 'not-an-admin'
              | 'key-not-found'
              | 'key-not-pending'
              | 'key-unknown'
              | 'key-revoked'
              | 'key-weak'
              | 'signature-invalid'
              | 'key-owner-unknown'
              | 'key-taken'
              | 'decision-stale'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
  readonly 'post-keys-id-revoke': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Done. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['PersonKey'];
        };
      };
      /** @description Refused; nothing changed. */
      readonly default: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/problem+json': components['schemas']['Problem'] & {
            /** @enum {unknown} */
            readonly code?:
              | 'not-signed-in'
              | 'not-allowed'
              | 'invalid-query'
              | 'service-token'
              | 'key-not-found'
              | 'key-revoked'
              | 'malformed-request'
              | 'host-unknown'
              | 'headers-too-large'
              | 'request-timed-out'
              | 'too-many-requests'
              | 'service-unavailable'
              | 'people-unreadable'
              | 'policy-unreadable'
              | 'internal-error';
          };
        };
      };
    };
  };
}
