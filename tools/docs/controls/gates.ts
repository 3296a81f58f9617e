import type { Section } from './control.js';

/** The figures of security that a release must hold. */
export const GATES: readonly Section[] = [
  {
    title: 'Figures that must hold',
    rows: [
      {
        id: 'G6',
        ask: 'Of forged, mutated and replayed messages, grants and rows none runs, and each is an event.',
        control:
          'Played against the real judgement and claim, against a real database with authority and worker, and against the queue.',
        code: ['src/usecases/decide', 'src/usecases/claim', 'workers/runbook-worker.ts'],
        shown: ['figure: forged', 'figure: forged-real', 'figure: messages', 'figure: mutations'],
        open: 'Of many messages in one minute only twenty have an event each; one event counts the rest.',
      },
      {
        id: 'G7',
        ask: 'In no sequence of commands does a change run without the approvals of other people.',
        control: 'Random sequences, of people and of holders of database roles.',
        code: ['src/usecases/decide', 'src/usecases/claim'],
        shown: ['figure: four-eyes', 'figure: four-eyes-real'],
      },
      {
        id: 'G10',
        ask: 'Each kind of tampering with the audit log is found, and no clean log raises an alarm.',
        control:
          'Operators that cut, change, move, forge and roll back, on logs of different lengths, against kept checkpoints.',
        code: ['src/domain/verify-audit.ts', 'src/domain/checkpointed-log.ts'],
        shown: [
          'figure: tampering',
          'figure: false-alarms',
          'test/security/tampering.test.ts: the verifier, with checkpoints that were kept › finds %s, and where it begins',
        ],
      },
      {
        id: 'G11',
        ask: 'The log is verified at 100,000 events a second, and by a second program from its description alone.',
        control:
          'Lines are read in batches, and signatures are judged on other threads. A verifier in Python shares no code.',
        code: ['src/domain/verify-audit.ts', 'src/adapters/keys/verify-ahead.ts', 'tools/verify_audit.py'],
        shown: [
          'figure: verify-speed',
          'test/security/vectors.test.ts: two verifiers that share no code › find the log of the vectors intact',
          'test/security/two-verifiers.test.ts: both verifiers › find %s at the same event, with checkpoints and without',
        ],
        open: 'The speed is not reached: see [figures](../figures.md#security-npm-run-security).',
      },
      {
        id: 'G14',
        ask: 'Every route, role, scope and tier has a decision, and no route is without one.',
        control: 'Requests for every route with every role, compared with the function that decides.',
        code: ['src/domain/policy', 'src/http/routing.ts'],
        shown: [
          'test/security/matrix.test.ts: has a request for every route, and every route has a right that the built-in policy knows',
          'test/security/matrix.test.ts: %s › %s may do at every route exactly what decide() says',
        ],
      },
      {
        id: 'G19',
        ask: 'Every effect on a target has its events, and every event of a change its effect.',
        control:
          'A checker that imports nothing of the product compares the ledger of the target with the exported log, after each fault run.',
        code: ['src/usecases/journal', 'test/faults/checker'],
        shown: [
          'test/faults/checker.test.ts: the checker › passes a correct run',
          'test/faults/checker.test.ts: the checker › finds %s',
          'figure: mutations',
        ],
        open: 'The checker sees targets of its own. An effect that a runbook makes beside its listed changes has no event.',
      },
    ],
  },
];
