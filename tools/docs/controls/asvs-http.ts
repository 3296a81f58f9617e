import type { Section } from './control.js';

/** Requirements of OWASP ASVS 5.0.0 on HTTP and files: chapters 3, 4 and 5. */
export const ASVS_HTTP: readonly Section[] = [
  {
    title: 'V3 Web frontend security, V4 API and web service, V5 File handling',
    rows: [
      {
        id: '3.4.2',
        ask: 'No other origin is let in.',
        control: 'No CORS header is sent.',
        code: ['src/http/app.ts'],
        shown: [
          'test/http/edge.test.ts: every answer › forbids to guess its type, to frame it and to load anything from it, and lets no other origin in: %s',
        ],
      },
      {
        id: '3.4.4',
        ask: 'Content types are not guessed.',
        control: '`nosniff` on every answer.',
        code: ['src/http/app.ts'],
        shown: [
          'test/http/edge.test.ts: every answer › forbids to guess its type, to frame it and to load anything from it, and lets no other origin in: %s',
        ],
      },
      {
        id: '3.4.6',
        ask: 'Answers cannot be framed.',
        control: '`frame-ancestors` is `none`.',
        code: ['src/http/app.ts'],
        shown: [
          'test/http/edge.test.ts: every answer › forbids to guess its type, to frame it and to load anything from it, and lets no other origin in: %s',
        ],
      },
      {
        id: '4.1.1',
        ask: 'Answers say their type and encoding.',
        control: 'Each answer is compared with the document.',
        code: ['src/http/routing.ts', 'src/http/problem.ts'],
        shown: [
          'test/http/generative.test.ts: requests made from the document, %i to %i: every one is answered as the document says',
        ],
      },
      {
        id: '4.1.3',
        ask: 'Headers of a proxy cannot be set by a client.',
        control: 'See T26.',
        code: ['src/http/client-address.ts'],
        shown: [
          'test/http/edge.test.ts: a limit › takes what a trusted proxy says, the last address that is none of a trusted one',
        ],
      },
      {
        id: '4.1.4',
        ask: 'Methods that are not used are refused.',
        control: 'Other methods get 405 with the list of those that are taken.',
        code: ['src/http/routing.ts'],
        shown: [
          'test/http/protocol.test.ts: a request › with a method that its address does not take gets those that it takes',
        ],
      },
      {
        id: '4.1.5',
        ask: 'What is most sensitive is signed message by message.',
        control: 'Decisions, confirmations, admissions, grants and checkpoints.',
        code: ['src/domain/decision-proof.ts', 'src/domain/grant.ts'],
        shown: ['test/security/forged-decision.test.ts: a decision that the API’s role inserts › %s is refused'],
        open: 'Submissions and cancels are not signed.',
      },
      {
        id: '4.2.1',
        ask: 'The ends of messages are found in one way.',
        control: 'Node’s strict parser; nothing that follows an unreadable request is answered.',
        code: ['src/http/server.ts'],
        shown: [
          'test/http/protocol.test.ts: a request › that the parser cannot read gets a problem',
          'test/http/protocol.test.ts: a request › is answered before what cannot be read behind it on its connection',
        ],
      },
      {
        id: '5.2.1',
        ask: 'Files are accepted up to a size only.',
        control: 'Admissions and batches have limits of their own; secrets and files of settings too.',
        code: ['src/http/body.ts', 'src/platform/read-own-file.ts'],
        shown: [
          'test/adapters/secrets/files.test.ts: %s has at most %i KiB',
          'test/http/batch.test.ts: a batch that is refused stores nothing › for a body of more than 2 MB, while 500 requests of 4 kB are accepted by the limit',
        ],
      },
      {
        id: '5.3.2',
        ask: 'Paths are not made of names that somebody sends.',
        control: 'Files of a runbook that is sent are stored as rows; names of folders and links are refused.',
        code: ['src/adapters/runbook-files/check-stored.ts', 'src/domain/name.ts'],
        shown: [
          'test/security/admission.test.ts: a version that two people admit › is refused with %s, and nothing is stored',
        ],
      },
    ],
  },
];
