import type { Section } from './control.js';

/** Requirements of OWASP ASVS 5.0.0 on code and logs: chapters 15 and 16. */
export const ASVS_CODE: readonly Section[] = [
  {
    title: 'V15 Secure coding and architecture',
    rows: [
      {
        id: '15.1.5',
        ask: 'Dangerous parts are named.',
        control:
          '[The security policy](../../SECURITY.md) and [architecture](../architecture.md): phases of runbooks, above all Detect.',
        code: ['engine/Host'],
        shown: [],
        open: 'A text; nothing to test.',
      },
      {
        id: '15.2.2',
        ask: 'Costly functions cannot stop the service.',
        control: 'See T30 and T31.',
        code: ['src/http/limits.ts', 'src/adapters/powershell'],
        shown: ['test/contracts/powershell-host.contract.ts: stops a flood, bounded'],
      },
      {
        id: '15.2.5',
        ask: 'Dangerous parts are contained.',
        control: 'Plan runs in constrained language without commands; each engine is a process that can be ended.',
        code: ['engine/Host', 'src/adapters/powershell/kill-tree.ts'],
        shown: ['test/adapters/powershell/ssh.test.ts: the place of Plan › refuses %s', 'figure: gate'],
        open: 'Detect, Apply and Verify run without a sandbox on their target.',
      },
      {
        id: '15.3.3',
        ask: 'Members that a request should not set are refused.',
        control: 'Schemas are closed.',
        code: ['src/http/schemas', 'src/adapters/runbook-files/closed-schema.ts'],
        shown: [
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › lists every path that does not fit',
        ],
      },
      {
        id: '15.3.4',
        ask: 'The address of a client is right.',
        control: 'See T26.',
        code: ['src/http/client-address.ts'],
        shown: ['test/http/edge.test.ts: a limit › takes the address of the connection, whatever X-Forwarded-For says'],
      },
      {
        id: '15.3.6',
        ask: 'Prototypes of JavaScript are not polluted.',
        control: 'A member of that name is data.',
        code: ['src/domain/values.ts', 'src/adapters/runbook-files/validate-value.ts'],
        shown: [
          'test/domain/values.test.ts: shape › keeps a member named __proto__ as data',
          'test/adapters/runbook-files/load.test.ts: values against a schema › never take a member of Object for a parameter',
        ],
      },
      {
        id: '15.4.1',
        ask: 'Concurrent writes do not lose one another.',
        control: 'Each move fails if the row is another one than was read.',
        code: ['src/adapters/postgres/jobs/transition.ts'],
        shown: [
          'test/adapters/postgres/transition.test.ts: a state change › loses none of many concurrent ones: each sees what the earlier ones wrote',
        ],
      },
      {
        id: '15.4.2',
        ask: 'What was checked is what is used.',
        control: 'See T5 and T10.',
        code: ['src/usecases/claim/check-job.ts', 'src/domain/residual.ts'],
        shown: [
          'test/usecases/forged.test.ts: what changed between approval and run › a byte of the runbook stops the job',
          'test/http/submitting.test.ts: lets exactly one of fifty deciders through',
        ],
      },
      {
        id: '15.4.4',
        ask: 'Nobody starves.',
        control: 'Locks in the order of requests; a person with many jobs yields.',
        code: ['src/domain/locks.ts'],
        shown: [
          'test/usecases/locks.test.ts: a person with few jobs › does not wait behind a person with many, and decisions overtake new requests',
        ],
      },
    ],
  },
  {
    title: 'V16 Security logging and error handling',
    rows: [
      {
        id: '16.2.1',
        ask: 'An event says when, who, what and about what.',
        control: 'Audit events; the database refuses one that lacks a member.',
        code: ['src/domain/audit.ts', 'src/adapters/postgres/migrations/0013-what-an-event-must-be.sql'],
        shown: [
          'test/security/events.test.ts: an event › is refused with %s',
          'test/domain/audit.test.ts: an audit event › is none without %s',
        ],
      },
      {
        id: '16.2.2',
        ask: 'Times are UTC.',
        control: 'In every event.',
        code: ['src/domain/time.ts'],
        shown: ['test/security/events.test.ts: an event › is refused with %s'],
      },
      {
        id: '16.2.5',
        ask: 'Logs hold no secrets.',
        control: 'See T19; reasons and values are salted digests in the log.',
        code: ['src/domain/digest.ts'],
        shown: [
          'test/lab/find-ad-user.test.ts: leaves neither what was typed nor what was found in the audit log',
          'test/tools/config.test.ts: the settings › keep secrets out of the configuration that is shown',
        ],
      },
      {
        id: '16.3.1',
        ask: 'Sign-ins are logged, failed ones too.',
        control: 'Issued and revoked tokens are audit events; each request is a line of the log.',
        code: ['src/installation/tokens.ts', 'src/http/observed.ts'],
        shown: [
          'test/http/cli-people.test.ts: fixpoint token › writes each revocation to the audit log, with the token and its person',
          'test/security/events.test.ts: a token › is issued with the event that says so, and with no other',
        ],
        open: 'A request with a wrong token is a line of the log with 401, and no audit event.',
      },
      {
        id: '16.3.2',
        ask: 'Refusals of rights are logged.',
        control:
          '`access.denied` for a right that somebody has nowhere; `job.decision-refused` and `job.blocked` for jobs.',
        code: ['src/http/routing.ts', 'src/usecases/decide/authorise-decision.ts'],
        shown: ['test/http/interface.test.ts: every route › names the right it needs and refuses everybody without it'],
        open: 'A refusal that depends on the object is an answer, and an event only for decisions and jobs.',
      },
      {
        id: '16.3.3',
        ask: 'Attempts to get round a control are logged.',
        control: 'See G6.',
        code: ['src/usecases/dropped-messages.ts'],
        shown: ['figure: forged', 'figure: messages'],
      },
      {
        id: '16.4.1',
        ask: 'Nothing in a log can forge a line.',
        control: 'See T22.',
        code: ['src/domain/visible.ts'],
        shown: ['test/tools/terminal-text.test.ts: logs the mistakes of a runbook on one line each'],
      },
      {
        id: '16.4.2',
        ask: 'Logs cannot be changed.',
        control: 'See T24.',
        code: ['src/domain/verify-audit.ts'],
        shown: [
          'figure: tampering',
          'test/usecases/forged.test.ts: forged rows and messages run nothing › not even the owner can change the audit log',
        ],
      },
      {
        id: '16.4.3',
        ask: 'Logs are sent to another system.',
        control:
          'Checkpoints go to a collector of syslog, and nothing is approved while they cannot, where that is set.',
        code: ['src/adapters/checkpoints', 'src/usecases/audit/sign-checkpoints.ts'],
        shown: [
          'test/adapters/checkpoints.test.ts: a collector of syslog › gets each checkpoint over a connection, with its length before it',
        ],
        open: 'The events themselves are exported by hand or by a schedule of your own.',
      },
      {
        id: '16.5.1',
        ask: 'An error shows nothing of the inside.',
        control: 'Problems with stable codes; the details are in the log.',
        code: ['src/http/problem.ts'],
        shown: ['test/http/interface.test.ts: every route › never fails on anything that JSON can say'],
      },
      {
        id: '16.5.2',
        ask: 'A failing part does not open anything.',
        control: 'Without the database nothing is accepted, and no change begins.',
        code: ['src/http/problem.ts', 'src/usecases/journal'],
        shown: [
          'test/usecases/durable.test.ts: a result that arrives while the database is unavailable › is on disk at once, merged when the database is back, and the job continues under its grant',
        ],
      },
      {
        id: '16.5.3',
        ask: 'An error is a refusal.',
        control: 'A policy or people file that cannot be read refuses. State and event are one statement.',
        code: ['src/domain/policy/decide.ts', 'src/adapters/identity'],
        shown: [
          'test/adapters/policy-file.test.ts: the policy file › with %s allows nothing and says where the mistake is',
          'test/domain/policy.test.ts: a decision, whatever the policy is › is no where a fact of the action is missing',
        ],
      },
      {
        id: '16.5.4',
        ask: 'An unexpected error ends no process.',
        control: 'A last handler of the API; a worker catches what a job throws.',
        code: ['src/http/problem.ts', 'workers/runbook-worker.ts'],
        shown: [
          'test/usecases/messages.test.ts: messages that nobody sent › of any shape cause no unhandled rejection',
        ],
      },
    ],
  },
];
