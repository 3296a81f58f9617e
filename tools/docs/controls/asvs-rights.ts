import type { Section } from './control.js';

/** Requirements of OWASP ASVS 5.0.0 on rights, and on what is signed: chapters 8 and 9. */
export const ASVS_RIGHTS: readonly Section[] = [
  {
    title: 'V8 Authorization',
    rows: [
      {
        id: '8.1.1',
        ask: 'The rules are documented.',
        control: '[Authorisation](authorisation.md) is made from the code.',
        code: ['tools/docs/authorisation.ts'],
        shown: ['test/tools/docs.test.ts: the documentation › lists the rights of each role as the policy does'],
      },
      {
        id: '8.2.1',
        ask: 'Functions are for whoever has the right.',
        control: 'See T36.',
        code: ['src/http/routing.ts'],
        shown: ['test/security/matrix.test.ts: %s › %s may do at every route exactly what decide() says'],
      },
      {
        id: '8.2.2',
        ask: 'Objects are for whoever has the right.',
        control: 'See T36.',
        code: ['src/http/scoped.ts'],
        shown: ['test/security/matrix.test.ts: %s › %s finds in every list exactly what decide() lets them see'],
      },
      {
        id: '8.2.3',
        ask: 'Fields are for whoever has the right.',
        control: 'No route writes a field of a job; roles of the database have columns of their own.',
        code: ['src/adapters/postgres/install/roles.ts'],
        shown: [
          'test/security/rights.test.ts: the columns of a job › %s changes its own, and nothing that was asked for',
        ],
      },
      {
        id: '8.3.1',
        ask: 'Rights are decided where nobody can change them.',
        control: 'The API, authority and the worker each decide from files of their own.',
        code: ['src/domain/policy/decide.ts', 'src/adapters/identity'],
        shown: [
          'test/usecases/policy.test.ts: a policy that became narrower after the grant › is asked by authority as well as by the API',
        ],
      },
      {
        id: '8.3.2',
        ask: 'A change of rights counts at once.',
        control: 'People and policy are read again when they change, and asked again before each run.',
        code: ['src/adapters/identity', 'src/usecases/claim/check-job.ts'],
        shown: ['test/usecases/policy.test.ts: a policy that became narrower after the grant › blocks the job with %s'],
      },
      {
        id: '8.3.3',
        ask: 'The rights of whoever asked count, not those of a service between.',
        control: 'The worker decides for requester and approvers.',
        code: ['src/usecases/claim/check-job.ts', 'src/usecases/claim/check-grant.ts'],
        shown: [
          'test/usecases/forged.test.ts: what changed between approval and run › a requester who lost the right stops the job',
        ],
      },
    ],
  },
  {
    title: 'V9 Self-contained tokens: here grants, admissions, decisions and registrations',
    rows: [
      {
        id: '9.1.1',
        ask: 'The signature is verified before anything is believed.',
        control: 'Members are read from the verified bytes alone.',
        code: ['src/adapters/keys', 'src/usecases/claim/check-grant.ts'],
        shown: [
          'test/usecases/forged.test.ts: what changed between approval and run › %s stops the job: %s',
          'figure: forged',
          'figure: forged-real',
        ],
      },
      {
        id: '9.1.2',
        ask: 'Only listed algorithms count.',
        control: 'Ed25519, and no other; a public key of small order is none.',
        code: ['src/domain/person-key.ts', 'src/adapters/keys'],
        shown: [
          'test/domain/person-key.test.ts: a public key of small order › %s is no key: not for a request, not for a signature',
        ],
      },
      {
        id: '9.1.3',
        ask: 'Keys come from where they were set beforehand.',
        control: 'The file of public grant keys; no text names its own key.',
        code: ['src/adapters/keys'],
        shown: [
          'test/security/forged-admission.test.ts: an admission that is not what authority signed › a key of one’s own is no key of this installation',
        ],
      },
      {
        id: '9.2.1',
        ask: 'A window of time is kept.',
        control: 'By the clock of the database that never goes back.',
        code: ['src/usecases/claim/claim-job.ts'],
        shown: [
          'test/usecases/durable.test.ts: a clock that jumps back › revives nothing that expired, is audited, and affects no later job',
        ],
      },
      {
        id: '9.2.2',
        ask: 'A token serves for its own purpose.',
        control: 'A label before the signed bytes tells the kinds apart.',
        code: ['src/domain/person-key.ts', 'src/domain/grant.ts'],
        shown: ['test/security/forged-decision.test.ts: a decision that the API’s role inserts › %s is refused'],
      },
      {
        id: '9.2.3',
        ask: 'A token serves where it is meant for.',
        control: 'A grant names its job and its pool.',
        code: ['src/usecases/claim/first-mismatch.ts'],
        shown: ['test/security/checks.test.ts: a claim › is refused for another pool'],
      },
    ],
  },
];
