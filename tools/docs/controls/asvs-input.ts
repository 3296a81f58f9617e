import type { Section } from './control.js';

/** Requirements of OWASP ASVS 5.0.0 on what comes in: chapters 1 and 2. */
export const ASVS_INPUT: readonly Section[] = [
  {
    title: 'V1 Encoding and sanitization',
    rows: [
      {
        id: '1.2.4',
        ask: 'Queries of the database are parameterised.',
        control: 'Kysely and parameters; the few texts of SQL are constant.',
        code: ['src/adapters/postgres'],
        shown: [
          'test/http/generative.test.ts: requests made from the document, %i to %i: every one is answered as the document says',
        ],
      },
      {
        id: '1.2.5',
        ask: 'No command of the operating system is made of input.',
        control: 'See T1 and T4.',
        code: ['src/adapters/powershell/start-host.ts'],
        shown: [
          'test/adapters/powershell/ssh.test.ts: over SSH, before anything ran › never lets %s near the command line',
        ],
      },
      {
        id: '1.2.6',
        ask: 'LDAP filters are not made of raw input.',
        control: 'See T3.',
        code: ['runbooks/_modules/directory'],
        shown: ['test/lab/find-ad-user.test.ts: what was typed is text, never a filter › %s'],
      },
      {
        id: '1.2.10',
        ask: 'CSV exports hold no formulas and keep RFC 4180.',
        control: 'See T23.',
        code: ['src/http/views/audit.ts'],
        shown: ['test/tools/audit-csv.test.ts: the reason %j is no formula where %j separates cells'],
      },
      {
        id: '1.3.2',
        ask: 'No input is evaluated as code.',
        control: 'See T38.',
        code: ['eslint.config.mjs'],
        shown: ['test/security/gate.test.ts: the runspace of Plan › has no command but its own, inside functions too'],
      },
      {
        id: '1.3.3',
        ask: 'Dangerous contexts get cleaned text of bounded length.',
        control: 'Schemas bound every text; a terminal and a log get visible text alone.',
        code: ['src/domain/visible.ts', 'src/http/schemas'],
        shown: ['test/tools/terminal-text.test.ts: a command › that %s sends nothing to the terminal that it obeys'],
      },
      {
        id: '1.3.6',
        ask: 'The server calls no address of an untrusted person.',
        control: 'See T27.',
        code: ['src/http/routes'],
        shown: ['test/tools/addresses.test.ts: the host of a target › may not be %j'],
        open: 'There is no list of allowed networks for targets.',
      },
      {
        id: '1.3.12',
        ask: 'Regular expressions take no exponential time.',
        control: 'Patterns of manifests that match in several ways are refused.',
        code: ['src/adapters/runbook-files/pattern-ways.ts'],
        shown: [
          'test/adapters/runbook-files/check.test.ts: the pattern of a text › %s is refused: it repeats what matches in several ways',
        ],
      },
      {
        id: '1.5.2',
        ask: 'Untrusted data is read into plain values alone.',
        control: 'JSON by schema; YAML without tags; values of scripts are plain types or refused.',
        code: ['src/domain/values.ts', 'src/adapters/runbook-files/read-manifest.ts'],
        shown: [
          'test/contracts/powershell-host.contract.ts: gives phases the types they count on',
          'test/domain/values.test.ts: shape › keeps a member named __proto__ as data',
        ],
      },
      {
        id: '1.5.3',
        ask: 'Two readers see the same in one text.',
        control: 'A body with a name twice, or that is not UTF-8, is refused. What is signed is canonical JSON.',
        code: ['src/http/repeated-names.ts', 'src/domain/canonical.ts'],
        shown: [
          'test/http/protocol.test.ts: a body › with a name twice in one object is refused, at any depth, however it is written',
          'test/domain/canonical.test.ts: canonical JSON › agrees with an independent implementation of RFC 8785 on any JSON',
        ],
      },
    ],
  },
  {
    title: 'V2 Validation and business logic',
    rows: [
      {
        id: '2.2.1',
        ask: 'Input is checked against what is expected.',
        control: 'A schema for each route and for the parameters of each runbook.',
        code: ['src/http/check-request.ts', 'src/http/schemas'],
        shown: [
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › lists every path that does not fit',
        ],
      },
      {
        id: '2.2.2',
        ask: 'The check is on the server.',
        control: 'The command line checks nothing that the API does not check again.',
        code: ['src/http/check-request.ts'],
        shown: [
          'test/http/generative.test.ts: makes every change to every operation that it says anything about, at the count of a release',
        ],
      },
      {
        id: '2.3.1',
        ask: 'Steps are taken in their order, and none is left out.',
        control: 'One table of transitions; the database refuses any other move, and any by another role.',
        code: ['src/domain/job.ts', 'src/domain/who-moves.ts'],
        shown: [
          'test/security/rights.test.ts: the moves of a job › from %s: each role makes its own alone',
          'test/model/job.test.ts: the model of a job’s life › has exactly the transitions of the code',
        ],
      },
      {
        id: '2.3.2',
        ask: 'Limits of the business are enforced.',
        control: 'Submissions by person, target and minute; size of a batch; number of changes in the grant.',
        code: ['src/usecases/submit', 'src/usecases/claim/first-mismatch.ts'],
        shown: [
          'test/http/batch.test.ts: the limits › counts requests in flight for the rate limit: never more are accepted at the same time',
        ],
      },
      {
        id: '2.3.3',
        ask: 'An operation happens as a whole or not at all.',
        control: 'State, events and message are one statement.',
        code: ['src/adapters/postgres/jobs/transition.ts'],
        shown: [
          'test/adapters/postgres/transition.test.ts: a state change › that breaks the table of transitions or an invariant of the state writes nothing',
        ],
      },
      {
        id: '2.3.4',
        ask: 'One object is not worked on twice at a time.',
        control: 'Locks on objects, all or none, in the transaction of the claim.',
        code: ['src/domain/locks.ts', 'src/usecases/claim/claim-job.ts'],
        shown: [
          'test/usecases/locks.test.ts: jobs on one object › never overlap under any name of it, run first come first served, and hold no slot while they wait',
        ],
      },
      {
        id: '2.3.5',
        ask: 'What is grave needs more than one person.',
        control: 'Every change; see T7.',
        code: ['src/usecases/decide/refusal.ts', 'src/usecases/claim/check-grant.ts'],
        shown: [
          'test/usecases/job-life.test.ts: approval › needs two people for an irreversible change, and each counts once',
          'figure: four-eyes',
          'figure: four-eyes-real',
        ],
      },
      {
        id: '2.4.1',
        ask: 'Nobody can call costly functions without a limit.',
        control: 'See T30; a person with many open jobs yields to one with few.',
        code: ['src/http/limits.ts'],
        shown: [
          'test/http/edge.test.ts: a limit › is of each token, so that one takes nothing from another',
          'test/usecases/locks.test.ts: a person with few jobs › does not wait behind a person with many, and decisions overtake new requests',
        ],
      },
    ],
  },
];
