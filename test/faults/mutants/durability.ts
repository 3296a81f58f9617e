import type { Edit, Mutant } from './index.js';

const repeatUnheard: Edit = {
  file: 'src/domain/residual.ts',
  find: "return { kind: 'outcome-unknown-once', changeId: id };",
  replace: 'continue;',
};

/** One crash in the middle of a change of class once uses up every try: taken out with the rule that it backs. */
const tryAgain: Edit = {
  file: 'src/domain/crash.ts',
  find: 'return inProgress ? Math.max(MOST_CRASHES, job.crashes + 1) : job.crashes + 1;',
  replace: 'return inProgress ? job.crashes : job.crashes + 1;',
};

/** Nothing lost, nothing twice: what holds through crashes, pauses and doubles. */
export const DURABILITY: readonly Mutant[] = [
  {
    name: 'intent-before-effect',
    removes: 'the intent of a change is committed before it is sent',
    edits: [
      {
        file: 'src/usecases/journal/attempt-change.ts',
        find: '  const attempt = await declareIntent(context, execution, step);\n',
        replace:
          '  const early = await carryOut(execution, writer, step);\n  const attempt = await declareIntent(context, execution, step);\n',
      },
      {
        file: 'src/usecases/journal/attempt-change.ts',
        find: '  const done = await carryOut(execution, writer, step);\n',
        replace: '  const done = early;\n',
      },
    ],
    scene: 'plain',
    turns: 'unapproved',
  },
  {
    name: 'audit-in-transaction',
    removes: 'the audit events of a move are written with it',
    edits: [
      {
        file: 'src/adapters/postgres/jobs/transition.ts',
        find: '  const events = move.events.map(auditBytes);\n',
        replace: '  const events: string[] = [];\n',
      },
    ],
    scene: 'plain',
    turns: 'lost',
  },
  {
    name: 'epoch',
    removes: 'what a worker writes is refused once its claim was taken over',
    edits: [
      {
        file: 'src/usecases/worker-context.ts',
        find: 'view.job.epoch !== job.epoch || ',
        replace: '',
      },
      {
        file: 'src/usecases/journal/attempt-change.ts',
        find: '  if (hold.stale()) return STOPPED;\n',
        replace: '',
      },
      {
        // What learns of it by the next renewal, before or after the change is sent.
        file: 'src/usecases/claim/lease.ts',
        find: '      if (!ours) lost.abort();\n      else lastRenewed = asked;\n',
        replace: '      if (ours) lastRenewed = asked;\n',
      },
    ],
    scene: 'paused worker',
    turns: 'repeats',
  },
  {
    name: 'residual-rule',
    removes: 'only what a fresh plan still lists is applied after a crash',
    edits: [
      {
        file: 'src/usecases/run-job.ts',
        find: 'plan.changes.filter(({ id }) => left.todo.includes(id))',
        replace: 'plan.changes',
      },
    ],
    scene: 'crash between two changes',
    turns: 'repeats',
  },
  {
    name: 'lease-expiry',
    removes: 'a claim without a sign of life ends',
    edits: [
      {
        file: 'src/usecases/advance-job.ts',
        find: "    if (!claimed || (job.leaseUntil && job.leaseUntil > now)) return fail({ kind: 'not-due' as const });\n",
        replace: "    if (claimed || now) return fail({ kind: 'not-due' as const });\n",
      },
    ],
    scene: 'crash between two changes',
    turns: 'lost',
  },
  {
    name: 'sweeper',
    removes: 'a job whose time has come gets a message',
    edits: [
      {
        file: 'src/adapters/postgres/relay/due-jobs.ts',
        find: 'if (due.length === 0) return 0;',
        replace: 'if (due.length >= 0) return 0;',
      },
    ],
    scene: 'crash between two changes',
    turns: 'lost',
  },
  {
    name: 'once-never-repeated',
    removes: 'an unheard change of class once waits for a person',
    edits: [
      repeatUnheard,
      tryAgain,
      {
        file: 'src/usecases/reconcile/reconciliation.ts',
        find: '!provenByAbsence(job, manifest, entry)',
        replace: 'provenByAbsence(job, manifest, entry) === undefined',
      },
    ],
    scene: 'unheard once',
    turns: 'repeats',
  },
  {
    name: 'reconcile-before-retry',
    removes: 'an unheard change is looked for on the target before the job goes on',
    edits: [
      repeatUnheard,
      tryAgain,
      {
        file: 'src/usecases/reconcile/reconcile-unknown.ts',
        find: '(claim) => look(context, claim)',
        replace: '({ job }) => requeue(context, job)',
      },
    ],
    scene: 'unheard once',
    turns: 'repeats',
  },
  {
    name: 'object-lock',
    removes: 'two jobs do not work on one object at a time',
    edits: [
      {
        file: 'src/usecases/claim/claim-job.ts',
        find: "writes: [{ kind: 'lock', keys: grant.locks }],",
        replace: 'writes: [],',
      },
    ],
    scene: 'one object',
    turns: 'overlaps',
  },
  {
    name: 'idempotency-key',
    removes: 'one Idempotency-Key makes one job',
    edits: [
      {
        file: 'src/adapters/postgres/jobs/idempotency.ts',
        find: "text(key.key).as('key'),",
        replace: "sql<string>`gen_random_uuid()::text`.as('key'),",
      },
    ],
    scene: 'twins',
    turns: 'lost',
  },
  {
    name: 'outbox-in-transaction',
    removes: 'the message of a job is stored with it',
    edits: [
      {
        file: 'src/adapters/postgres/jobs/insert-jobs.ts',
        find: "messagesFor('created', ids, priority)",
        replace: "messagesFor('created', ids, undefined)",
      },
      {
        file: 'src/adapters/postgres/jobs/submissions.ts',
        find: '      return jobs?.[0];\n',
        replace:
          "      if (jobs) await (await import('./outbox.js').then(({ enqueue }) => enqueue(db, [submission.job.id], submission.priority)));\n      return jobs?.[0];\n",
      },
    ],
    scene: 'crash after submit',
    turns: 'problems',
  },
  {
    name: 'claim-exclusivity',
    removes: 'a job that is claimed cannot be claimed',
    edits: [
      {
        file: 'src/usecases/claim/claim-job.ts',
        find: 'const untouched = current.revision === job.revision && claimable(current);',
        replace: "const untouched = claimable(current) || current.state === 'running';",
      },
    ],
    scene: 'five messages',
    turns: 'problems',
  },
];
