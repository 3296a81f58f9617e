import type { Mutant } from './index.js';

/** Who may cause what: nothing runs that was not approved, by others, as it was shown, in its time. */
export const ACCESS: readonly Mutant[] = [
  {
    name: 'grant-check',
    removes: 'the worker checks the signature of a grant',
    edits: [
      {
        file: 'src/adapters/keys/index.ts',
        find: 'if (!verify(null, grantMessage(signed.bytes), key.value, signature)) {',
        replace: 'if (signature.length > 1e6) {',
      },
    ],
    scene: 'forged grant',
    turns: 'unapproved',
  },
  {
    name: 'four-eyes',
    removes: 'the requester cannot approve (API, database, authority and worker)',
    edits: [
      {
        file: 'src/usecases/decide/record-decision.ts',
        find: "rights.denial({ ...asked, approves: request.decision === 'approve' })",
        replace: 'rights.denial({ ...asked, approves: false })',
      },
      {
        file: 'src/adapters/postgres/migrations/0001-record.sql',
        find: "AND requester_id = NEW.person_id AND NEW.decision = 'approve'",
        replace: "AND requester_id = '' AND NEW.decision = 'approve'",
      },
      {
        file: 'src/usecases/decide/refusal.ts',
        find: "  if (rights.denial({ ...asked, approves: row.decision === 'approve' })) return 'own-request';\n",
        replace: '',
      },
      {
        file: 'src/usecases/claim/check-grant.ts',
        find: "  if (approvers.has(job.requester.id)) return blocked('own-request', 'the requester is among the approvers');\n",
        replace: '',
      },
      {
        file: 'src/usecases/claim/check-grant.ts',
        find: "rights.denial({ action: 'decide', ...jobFacts(person, job, manifest) })",
        replace: "rights.denial({ action: 'decide', ...jobFacts(person, job, manifest), own: false })",
      },
    ],
    scene: 'own request',
    turns: 'unapproved',
  },
  {
    name: 'grant-use',
    removes: 'the use of a grant is recorded before the first change',
    edits: [
      {
        file: 'src/usecases/apply/apply-changes.ts',
        find: "  if (!(await useGrant(context, execution))) return 'stopped';\n",
        replace: '',
      },
    ],
    scene: 'plain',
    turns: 'unapproved',
  },
  {
    name: 'grant-expiry',
    removes: 'a grant ends at its executeBy (at the claim and before each change)',
    edits: [
      {
        file: 'src/usecases/claim/claim-job.ts',
        find: "  if (latest >= new Date(grant.executeBy)) return end('expired', over);\n",
        replace: '',
      },
      {
        file: 'src/usecases/apply/apply-changes.ts',
        find: 'expired: view.latest >= new Date(grant.executeBy),',
        replace: 'expired: false,',
      },
    ],
    scene: 'too late',
    turns: 'unapproved',
  },
  {
    name: 'runbook-digest',
    removes: 'the worker recomputes the digest of the runbook text that it runs',
    edits: [
      {
        file: 'src/usecases/claim/check-job.ts',
        find: 'if (fault) {',
        replace: 'if (fault && bundle.files.length === 0) {',
      },
    ],
    scene: 'tampered runbook',
    turns: 'unapproved',
  },
  {
    name: 'cancel-at-boundary',
    removes: 'a cancelled job stops before its next change',
    edits: [
      {
        file: 'src/usecases/apply/boundary.ts',
        find: '  if (job.cancel) return cancelled(ids, view);',
        replace: '  if (job.cancel && expired) return cancelled(ids, view);',
      },
    ],
    scene: 'cancelled midway',
    turns: 'unapproved',
  },
];
