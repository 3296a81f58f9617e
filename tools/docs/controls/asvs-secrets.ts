import type { Section } from './control.js';

/** Requirements of OWASP ASVS 5.0.0 on keys, connections, settings and data: chapters 11 to 14. */
export const ASVS_SECRETS: readonly Section[] = [
  {
    title: 'V11 Cryptography, V12 Secure communication',
    rows: [
      {
        id: '11.2.1',
        ask: 'Cryptography is of validated implementations.',
        control: 'That of Node alone. The Merkle tree is own code, with the published vectors.',
        code: ['src/domain/merkle.ts', 'src/adapters/keys'],
        shown: ['test/domain/merkle.test.ts: the Merkle tree › has the roots of the published vectors at each size'],
      },
      {
        id: '11.2.3',
        ask: 'Everything has 128 bits of security.',
        control: 'Ed25519, SHA-256.',
        code: ['src/domain/digest.ts', 'src/domain/person-key.ts'],
        shown: [
          'test/domain/person-key.test.ts: a public key of small order › %s is no key: not for a request, not for a signature',
        ],
      },
      {
        id: '11.4.4',
        ask: 'A key that comes from a password is stretched.',
        control: 'An approver’s key file is PKCS #8 encrypted by Node, under a passphrase of at least 12 characters.',
        code: ['src/cli/own-key.ts'],
        shown: [
          'test/http/cli-keys.test.ts: fixpoint key › takes no short passphrase, none from a file of others, and none without a terminal',
        ],
        open: 'Node chooses the number of rounds of PBKDF2.',
      },
      {
        id: '11.5.1',
        ask: 'What must not be guessed has 128 random bits.',
        control: 'Tokens, nonces, salts and passwords of roles come from `randomBytes`, with 128 bits at least.',
        code: ['src/domain/digest.ts', 'src/platform/own-files.ts'],
        shown: [
          'test/domain/job.test.ts: plans › give the same change another id in another job, so that its values cannot be found by trying',
        ],
      },
      {
        id: '11.6.1',
        ask: 'Keys that are known to be weak are not used.',
        control: 'Public keys of small order are refused, in each of their encodings.',
        code: ['src/domain/person-key.ts'],
        shown: [
          'test/domain/person-key.test.ts: a public key of small order › %s is no key: not for a request, not for a signature',
          'test/security/key-registration.test.ts: a registration › is refused for a key of small order, also where its row is inserted',
        ],
      },
      {
        id: '12.2.1',
        ask: 'Clients reach the API over TLS.',
        code: [],
        shown: [],
        open: 'The API speaks HTTP. On any other address than loopback put a proxy with TLS before it.',
      },
      {
        id: '12.3.1',
        ask: 'Every connection is encrypted.',
        control:
          'Targets: SSH with a pinned key, LDAP that Kerberos seals, LDAPS with a pinned authority. PostgreSQL and Redis: as their URLs say.',
        code: ['engine/Host/Transport/Ssh/SshTransport.cs', 'runbooks/_modules/directory'],
        shown: [
          'test/adapters/powershell/ssh.test.ts: over SSH, before anything ran › refuses a changed host key and does not call it unreachable',
        ],
        open: 'A URL without TLS is taken.',
      },
      {
        id: '12.3.2',
        ask: 'Clients check certificates.',
        control: 'The directory module and the command line do, and there is no switch to turn it off.',
        code: ['runbooks/_modules/directory', 'src/cli/api'],
        shown: [
          'test/adapters/powershell/target-test.test.ts: a test of a domain › refuses a certificate for another name, and an authority that nobody trusts',
          'test/http/cli-connection.test.ts: why no answer came › a certificate that is not accepted, and how to name its authority',
        ],
      },
    ],
  },
  {
    title: 'V13 Configuration, V14 Data protection',
    rows: [
      {
        id: '13.2.1',
        ask: 'The parts of the product sign in to one another, each as itself.',
        control: 'A database role with a password for each process; a nonce for each engine.',
        code: ['src/adapters/postgres/install', 'src/adapters/powershell/start-host.ts'],
        shown: [
          'test/tools/package.test.ts: docker-compose.yml › names only settings that exist, and each part gets no other part’s database',
        ],
      },
      {
        id: '13.2.2',
        ask: 'Each has the least rights.',
        control: 'See T16.',
        code: ['src/adapters/postgres/install/roles.ts'],
        shown: [
          'figure: rights',
          'test/usecases/forged.test.ts: forged rows and messages run nothing › the role %s may not: %s',
        ],
        open: 'Under `npm start` all processes are one user of the operating system.',
      },
      {
        id: '13.2.3',
        ask: 'No default credential is in use.',
        control: 'See T43.',
        code: ['src/platform/own-files.ts'],
        shown: [
          'test/tools/package.test.ts: docker-compose.yml › has a Redis that never drops a message, and no password of its own',
        ],
      },
      {
        id: '13.3.1',
        ask: 'Secrets are in a vault.',
        control: 'They are files of mode 0600 of the worker alone, by reference.',
        code: ['src/adapters/secrets'],
        shown: ['test/adapters/secrets/files.test.ts: %s is closed to others'],
        open: 'No vault is connected.',
      },
      {
        id: '13.3.2',
        ask: 'Access to secrets is by least privilege.',
        control:
          'A credential has targets, tiers and uses. The one for changing is opened after the grant was verified.',
        code: ['src/adapters/secrets/credentials-file.ts', 'src/usecases/apply'],
        shown: [
          'test/usecases/forged.test.ts: what changed between approval and run › another secret behind a credential stops the job, and another target that it may be used on does not',
        ],
      },
      {
        id: '13.3.3',
        ask: 'Keys never leave a security module.',
        code: [],
        shown: [],
        open: 'The key of authority is a file. No security module is connected.',
      },
      {
        id: '13.4.5',
        ask: 'Endpoints of monitoring are not open by accident.',
        control: 'Metrics are open to this machine, else by right. Health says up or down.',
        code: ['src/http/metrics.ts', 'src/http/health.ts'],
        shown: ['test/http/observe.test.ts: GET /metrics › is open on this machine, and needs a right through a proxy'],
      },
      {
        id: '14.2.1',
        ask: 'Nothing secret is in a URL.',
        control: 'Tokens are in a header.',
        code: ['src/http/authenticate.ts'],
        shown: [
          'test/http/cli-connection.test.ts: what is refused before anything is sent › the address %s, without its password',
        ],
      },
      {
        id: '14.2.7',
        ask: 'Data that is no longer needed is deleted.',
        control: 'Values of a subject can be erased; the log stays verifiable.',
        code: ['src/installation/erase-values.ts'],
        shown: [
          'test/http/audit-search.test.ts: erasing the values of a subject › removes them from every table, keeps the log verifiable, and leaves nothing to try values against',
        ],
        open: 'Nothing is deleted by itself, and the log cannot be shortened.',
      },
      {
        id: '14.3.2',
        ask: 'Answers are not cached.',
        control: '`no-store` on every answer of a route.',
        code: ['src/http/routing.ts'],
        shown: ['test/http/edge.test.ts: every answer › of a route is kept in no cache'],
      },
    ],
  },
];
