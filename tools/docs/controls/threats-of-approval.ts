import type { Section } from './control.js';

/** Threats to the decision of another person, and to what it is a decision about. */
export const APPROVAL: readonly Section[] = [
  {
    title: 'Approval',
    rows: [
      {
        id: 'T7',
        ask: 'Requesters approve their own request: directly, under a second account, after a change of their roles.',
        control:
          'Four places judge it: the API, authority, a constraint of the database, the worker. Identity is the person of the people file, not the token. A key belongs to one person for ever.',
        code: ['src/domain/policy/decide.ts', 'src/usecases/decide/refusal.ts', 'src/usecases/claim/check-grant.ts'],
        shown: [
          'test/usecases/job-life.test.ts: approval › is refused to the requester and to anyone without the role',
          'test/security/checks.test.ts: a claim › is refused where the requester is among the approvers, although authority signed it',
          'test/security/key-registration.test.ts: a registration › of the requester’s key under a second account is refused: a key belongs to one person',
          'figure: four-eyes',
          'figure: four-eyes-real',
        ],
        open: 'One human who has two entries in the people file is two people to the product.',
      },
      {
        id: 'T8',
        ask: 'A stolen session approves many plans.',
        control:
          'In production a decision needs a signature of the approver’s own key over this job, plan, decision, reason and nonce, at most 10 minutes old. Its passphrase is asked each time. One grant is for one job.',
        code: ['src/domain/decision-proof.ts', 'src/usecases/decide/refusal.ts', 'src/cli/sign-decision.ts'],
        shown: [
          'test/security/forged-decision.test.ts: a decision that the API’s role inserts › %s is refused',
          'test/security/forged-decision.test.ts: a decision that the API’s role inserts › a used signature is refused, on its job and on another',
          'test/usecases/production.test.ts: in production a token decides nothing, and the command line says what does',
        ],
        open: 'In development a token decides, for up to 12 hours. There is no single sign-on and no second factor.',
      },
      {
        id: 'T9',
        ask: 'Parameters, target or reason are edited after the approval.',
        control:
          'No route edits a job, and no role of the database may write what was asked. The request is part of plan and grant by its digest.',
        code: [
          'src/domain/request.ts',
          'src/usecases/claim/first-mismatch.ts',
          'src/adapters/postgres/install/roles.ts',
        ],
        shown: [
          'test/usecases/forged.test.ts: what changed between approval and run › %s stops the job: %s',
          'test/security/rights.test.ts: the columns of a job › %s changes its own, and nothing that was asked for',
          'figure: forged',
          'figure: mutations',
        ],
      },
      {
        id: 'T10',
        ask: 'The target changed since the plan was approved.',
        control:
          'After the claim Detect and Plan run anew and must give the approved changes that are not made yet. Anything else voids the grant. Apply compares the value before.',
        code: ['src/domain/residual.ts', 'src/usecases/apply', 'src/usecases/phases/fresh-changes.ts'],
        shown: [
          'test/domain/residual.test.ts: the residual-plan rule › calls a change that nobody approved drift',
          'test/usecases/job-life.test.ts: a remediation › needs a new approval when the target changed, and a person the third time',
          'test/lab/stories.test.ts: update-ad-attribute on the domain › does not carry out an outdated plan',
        ],
      },
      {
        id: 'T11',
        ask: 'An old grant is used for a new job, for a second run or by another pool.',
        control:
          'The signed bytes name job, pool, window and a number whose first use is a unique row under the claim.',
        code: ['src/domain/grant.ts', 'src/usecases/claim/first-mismatch.ts', 'src/adapters/postgres/jobs'],
        shown: [
          'test/usecases/forged.test.ts: forged rows and messages run nothing › a job set to queued by SQL, with a grant that is not its own',
          'test/usecases/forged.test.ts: forged rows and messages run nothing › a finished job set back to queued does nothing again',
          'figure: forged',
          'figure: forged-real',
        ],
      },
      {
        id: 'T41',
        ask: 'Approvers see a misleading text, or approve from habit.',
        control:
          'The command line shows the plan whose digest it computes, and approves only that. Hidden characters are written out. The id of an object stands before its name. Two approvals are demanded by risk.',
        code: ['src/cli/approve.ts', 'src/domain/visible.ts', 'src/domain/plan.ts'],
        shown: [
          'test/http/approve.test.ts: approves exactly the plan that it shows, whatever other responses say',
          'test/http/approve.test.ts: shows no findings that the plan does not cover',
          'test/tools/printed-values.test.ts: what cannot be seen › U+%s is written out',
          'test/tools/printed-values.test.ts: names the object of a change before its label, which cannot pretend to be another',
        ],
        open: 'Nothing stops an approver who does not read.',
      },
      {
        id: 'T44',
        ask: 'An emergency way round the approval is abused.',
        control: 'There is none: every change needs another person’s approval at any hour.',
        code: ['src/domain/job.ts', 'src/usecases/claim/check-grant.ts'],
        shown: [
          'test/domain/job.test.ts: the states of a job › let only a queued job run',
          'test/usecases/forged.test.ts: forged rows and messages run nothing › a job without a grant cannot even be written as queued',
        ],
        open: 'Whoever works without the product in an emergency is recorded nowhere by it.',
      },
    ],
  },
  {
    title: 'Targets',
    rows: [
      {
        id: 'T12',
        ask: 'A helpdesk worker reaches a domain controller or another site through the product.',
        control:
          'Every right is decided for the requester, at submit, at planning, by authority and again by the worker. Tier 0 is closed above every policy. A policy limits rights to sites, tags and tiers. A credential has its own list of targets, tiers, hosts and authorities.',
        code: ['src/domain/policy', 'src/usecases/claim/check-job.ts', 'src/adapters/secrets'],
        shown: [
          'test/domain/policy.test.ts: a decision, whatever the policy is › never opens tier 0 to anybody without the role operator or admin',
          'test/security/matrix.test.ts: %s › %s may do at every route exactly what decide() says',
          'test/usecases/forged.test.ts: what changed between approval and run › a requester who lost the right stops the job',
          'test/lab/stories.test.ts: update-ad-attribute on the domain › blocks a credential outside its scope, and one whose entry does not name the CA of the target',
        ],
        open: 'Over SSH there is no second authorisation on the target. Which computer has tier 0 is what somebody enters, and in production another person confirms.',
      },
      {
        id: 'T13',
        ask: 'Another name of a computer, or a computer that pretends to be it, gets round the inventory.',
        control:
          'Requests name a target of the inventory. Connections go to its address alone, with a pinned host key, a pinned authority, or Kerberos, which proves the name of the inventory. A machine is one target, by its host key or its name. In production a target counts only in the form that two people agreed on. A credential names the hosts and authorities it may be used with.',
        code: [
          'src/domain/target.ts',
          'src/adapters/secrets/ends.ts',
          'engine/Host/Transport/Ssh/SshTarget.cs',
          'src/domain/name.ts',
        ],
        shown: [
          'test/adapters/powershell/ssh.test.ts: over SSH, before anything ran › refuses a changed host key and does not call it unreachable',
          'test/adapters/powershell/target-test.test.ts: a test of a domain › refuses a certificate for another name, and an authority that nobody trusts',
          'test/security/target-admission.test.ts: whoever has the role of the API › changes no target under those who admitted it, and under no job that was approved',
          'test/http/inventory.test.ts: the inventory › keeps names and machines unique, and kinds consistent with transports',
          'test/tools/addresses.test.ts: the host of a target › may not be %j',
          'test/adapters/secrets/scope.test.ts: the hosts and authorities of a credential › are judged for %s',
          'test/lab/kerberos.test.ts: a target that was altered › %s is blocked, and nothing is opened',
          'test/lab/kerberos.test.ts: a sign-in that Kerberos refuses › because the domain knows no server of that name, and that server gets nothing',
        ],
      },
      {
        id: 'T29',
        ask: 'A mistake changes everything: an empty filter, a list without an end.',
        control:
          'A job has one target and a plan of listed objects. Schemas limit the length of lists. An empty name never means all. A freeze stops all planning and claims. Submissions are limited by person, target and minute.',
        code: ['src/usecases/submit', 'src/domain/plan.ts', 'src/http/limits.ts'],
        shown: [
          'test/tools/cli-empty-names.test.ts: %j is wrong usage: an empty name never means all',
          'test/http/batch.test.ts: the limits › count the members of a batch, and its jobs stand behind one another',
          'test/http/submitting.test.ts: submitting › is refused while everything is frozen',
        ],
        open: 'A batch of 500 jobs has no waves and does not stop by itself when many of them fail. Roll-outs in waves are planned.',
      },
      {
        id: 'T32',
        ask: 'A hostile target returns made-up results or frames.',
        control:
          'Frames come from the engine alone, which proved a nonce. Results are judged by schema. A job is done only when Detect and Plan, run anew, find nothing left.',
        code: ['engine/Host', 'src/domain/values.ts', 'src/usecases/finish'],
        shown: [
          'test/usecases/job-life.test.ts: what goes wrong in a runbook › treats an invalid result as an unknown outcome, not as success',
          'test/adapters/powershell/session-state.test.ts: a session that no phase can use is refused when it opens › with text before PowerShell answers: %s',
          'test/lab/user-session.test.ts: a result of a hostile user › that is a folder is refused',
        ],
        open: 'A hostile target can lie about its own state. Proofs say `reported by the target`.',
      },
    ],
  },
];
