import type { Section } from './control.js';

/** Requirements of OWASP ASVS 5.0.0 on people and their sessions: chapters 6 and 7. */
export const ASVS_PEOPLE: readonly Section[] = [
  {
    title: 'V6 Authentication',
    rows: [
      {
        id: '6.3.2',
        ask: 'There are no default accounts.',
        control: 'An installation begins with the one person that its set-up names.',
        code: ['src/installation/initialise.ts'],
        shown: [
          'test/end-to-end/init.test.ts: sets a home up: keys, an empty credentials file, the first person and a token that is printed once',
        ],
      },
      {
        id: '6.3.3',
        ask: 'Sign-in needs two factors.',
        code: [],
        shown: [],
        open: 'Sign-in is by a token alone. A decision in production also needs the key and its passphrase. There is no hardware factor and no single sign-on.',
      },
      {
        id: '6.4.6',
        ask: 'An administrator who resets a password does not know it.',
        code: [],
        shown: [],
        open: 'No runbook resets a password; see T21.',
      },
      {
        id: '6.5.2',
        ask: 'Secrets of little entropy are hashed with a slow function.',
        control: 'Tokens have 256 random bits, so that SHA-256 is enough.',
        code: ['src/installation/tokens.ts', 'src/http/authenticate.ts'],
        shown: [
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › without a valid token: %s',
        ],
      },
      {
        id: '6.5.6',
        ask: 'A factor that was lost can be revoked.',
        control: 'Tokens and keys, by their owner and by administrators; a revocation of a key is never taken back.',
        code: ['src/usecases/keys', 'src/installation/tokens.ts'],
        shown: [
          'test/security/key-revocation.test.ts: a revoked key › decides nothing, and no process takes the revocation back',
          'test/http/cli-people.test.ts: fixpoint token › lists tokens without secrets, and revokes one or all of a person',
        ],
      },
      {
        id: '6.7.1',
        ask: 'What verifies a signature cannot be changed unseen.',
        control: 'The registration of a key is signed by authority; the public grant keys are a file of each process.',
        code: ['src/usecases/keys/registered-key.ts', 'src/adapters/keys'],
        shown: [
          'test/security/key-registration.test.ts: a registration › is made %s by no process',
          'test/security/forged-decision.test.ts: the worker › runs nothing under a grant whose approver’s registration is gone',
        ],
      },
      {
        id: '6.7.2',
        ask: 'A nonce has 64 bits at least and is used once.',
        control: '128 random bits; a used one is a unique row.',
        code: ['src/cli/sign-decision.ts', 'src/usecases/decide/authorise-decision.ts'],
        shown: [
          'test/security/forged-decision.test.ts: a decision that the API’s role inserts › a used signature is refused, on its job and on another',
        ],
      },
    ],
  },
  {
    title: 'V7 Session management',
    rows: [
      {
        id: '7.2.1',
        ask: 'Tokens are verified by the server.',
        control: 'Each request looks its token up.',
        code: ['src/http/authenticate.ts'],
        shown: [
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › without a valid token: %s',
        ],
      },
      {
        id: '7.2.3',
        ask: 'Reference tokens have 128 random bits at least.',
        control: '256.',
        code: ['src/installation/tokens.ts'],
        shown: [
          'test/end-to-end/init.test.ts: sets a home up: keys, an empty credentials file, the first person and a token that is printed once',
        ],
      },
      {
        id: '7.3.1',
        ask: 'A session ends when it is not used.',
        code: [],
        shown: [],
        open: 'A token has no limit of idleness. A personal one lives 12 hours at most.',
      },
      {
        id: '7.3.2',
        ask: 'A session has an end.',
        control: 'Personal tokens 12 hours, service tokens 90 days.',
        code: ['src/installation/tokens.ts', 'src/http/authenticate.ts'],
        shown: [
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › without a valid token: %s',
        ],
      },
      {
        id: '7.4.1',
        ask: 'An ended session is of no use.',
        control: 'Revoked and expired tokens are refused, and streams of theirs end.',
        code: ['src/http/authenticate.ts', 'src/http/feed.ts'],
        shown: ['test/http/streams.test.ts: a stream ends at its next heartbeat when %s'],
      },
      {
        id: '7.4.2',
        ask: 'Whoever is removed is signed out.',
        control: 'A removed person’s tokens are revoked; a token without a person signs nobody in.',
        code: ['src/installation/people.ts', 'src/http/authenticate.ts'],
        shown: [
          'test/http/cli-people.test.ts: fixpoint person › adds a person once, changes them and removes them with their tokens',
        ],
      },
      {
        id: '7.4.5',
        ask: 'Administrators can end the sessions of a person.',
        control: '`fixpoint token revoke --person`.',
        code: ['src/installation/tokens.ts'],
        shown: [
          'test/http/cli-people.test.ts: fixpoint token › lists tokens without secrets, and revokes one or all of a person',
        ],
      },
      {
        id: '7.5.3',
        ask: 'What is most sensitive asks for another factor.',
        control: 'A decision in production: the key of the person, opened by its passphrase.',
        code: ['src/usecases/decide/refusal.ts', 'src/cli/own-key.ts'],
        shown: [
          'test/usecases/production.test.ts: in production a token decides nothing, and the command line says what does',
          'test/http/cli-keys.test.ts: fixpoint key › does not open with another passphrase',
        ],
        open: 'Cancelling, resolving and freezing need the token alone.',
      },
    ],
  },
];
