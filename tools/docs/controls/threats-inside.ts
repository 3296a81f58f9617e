import type { Section } from './control.js';

/** Threats by whoever has a part of the product: the queue, a database role, a process, its files. */
export const INSIDE: readonly Section[] = [
  {
    title: 'Queue, database, processes',
    rows: [
      {
        id: 'T14',
        ask: 'Somebody puts messages into the queue.',
        control:
          'A message is an id. The worker takes it only as the delivery that the relay noted, and acts on the row, its grant and the pinned key. Anything else is dropped and audited.',
        code: [
          'workers/runbook-worker.ts',
          'src/usecases/dropped-messages.ts',
          'src/adapters/postgres/relay/deliveries.ts',
        ],
        shown: [
          'test/usecases/forged.test.ts: forged rows and messages run nothing › messages put into the queue: unknown ids, duplicates, another person’s job',
          'test/usecases/messages.test.ts: messages that nobody sent › are dropped with an event each, up to a bound, and one for the rest',
          'figure: messages',
        ],
      },
      {
        id: 'T15',
        ask: 'Redis is open, is emptied, or is itself taken over.',
        control:
          'The queue is not believed: what it loses is sent again from the database. A start is refused on a Redis that may drop keys, and on one that is not on loopback and asks for no password.',
        code: ['src/adapters/queue', 'src/adapters/postgres/relay/due-jobs.ts'],
        shown: [
          'test/adapters/bullmq/redis.test.ts: a Redis that is not on loopback › is refused without a password, whether or not REDIS_URL names one',
          'test/adapters/bullmq/redis.test.ts: a Redis that may drop keys › is refused, with what to do',
          'test/usecases/messages.test.ts: a queue that loses and repeats messages › when all are lost, is filled again from the database',
        ],
        open: 'The version of Redis and the rights of its user are not checked. Without Redis, the default, BullMQ uses a database and a role of its own.',
      },
      {
        id: 'T16',
        ask: 'Somebody writes rows of the database: decisions, grants, states, keys, admissions.',
        control:
          'Rows are claims. Each role may write its own columns and moves. Grants, admissions of runbooks, targets and policies, keys and checkpoints count by a signature of authority, whose private key is in no row.',
        code: [
          'src/adapters/postgres/install/roles.ts',
          'src/adapters/postgres/migrations/0012-who-moves-what.sql',
          'src/usecases/decide',
        ],
        shown: [
          'test/usecases/forged.test.ts: forged rows and messages run nothing › the role %s may not: %s',
          'test/security/key-registration.test.ts: a registration › is worth nothing as a row that %s inserts',
          'test/security/forged-admission.test.ts: an admission that is not what authority signed › lets nothing run: %s',
          'test/security/target-admission.test.ts: whoever has the role of the API › makes no target count by its row',
          'test/security/inside.test.ts: a stored request that is changed by the owner of the database › is detected before the run: %s',
          'figure: rights',
          'figure: mutations',
          'figure: forged-real',
        ],
        open: 'In development whoever has the role of the API can decide for a person whose token id they know.',
      },
      {
        id: 'T17',
        ask: 'The process of the API is taken over.',
        control:
          'It has public keys only and no way to a target, and cannot sign a grant, move a job to the queue of approved ones, or write another’s event. In production it has no decision without the approver’s signature, and each process has a user of its own: it refuses to start where it can reach a secret of another.',
        code: [
          'src/processes/api.ts',
          'src/adapters/postgres/install/roles.ts',
          'src/usecases/decide/refusal.ts',
          'src/domain/production.ts',
        ],
        shown: [
          'test/security/inside.test.ts: the role of the API › cannot have a job approved that nobody submitted, however it came there',
          'test/security/inside.test.ts: the role of the API › cannot approve by inserting a grant or moving a job itself',
          'test/security/forged-decision.test.ts: a decision that the API’s role inserts › %s is refused',
          'test/security/events.test.ts: %s is written by its writers alone',
          'test/end-to-end/production.test.ts: a part refuses to start › with $what: $unit',
        ],
        open: 'It can submit in anybody’s name, so Detect runs. The command line computes the digest of the plan that it prints; another client can be shown one plan and sign another. Under `npm start` every process has the rights of one user.',
      },
      {
        id: 'T18',
        ask: 'A worker is taken over.',
        control:
          'It has no signing key, cannot decide, delete events or write another’s. A grant names its pool. Each worker has a credentials file of its own.',
        code: [
          'src/usecases/claim/first-mismatch.ts',
          'src/adapters/postgres/install/roles.ts',
          'src/adapters/secrets',
        ],
        shown: [
          'test/security/checks.test.ts: a claim › is refused for another pool',
          'test/security/inside.test.ts: the role of the worker › cannot send a job past its approval',
          'test/security/inside.test.ts: the role of the worker › cannot set an ended job going again, in whatever name',
        ],
        open: 'It can do on its targets whatever its credentials can. Give each tier and site workers of its own.',
      },
      {
        id: 'T40',
        ask: 'A worker dies, and a change that must not be repeated is made twice.',
        control:
          'The intent is committed before the change, the result after it. A change without a result is `unknown`: it is repeated only if its class is `ensure`, else a person decides. The queue repeats nothing.',
        code: ['src/usecases/journal', 'src/usecases/reconcile', 'src/domain/residual.ts'],
        shown: [
          'test/usecases/job-life.test.ts: what goes wrong in a runbook › never repeats a change of class once without a result: a person decides',
          'test/lab/pc-crashes.test.ts: a killed worker › leaves purge-quarantine to a person if a change may not be repeated, and says what to check',
          'test/usecases/quarantine.test.ts: a poison job › with a non-repeatable change is never run again after the first crash',
        ],
        open: 'A change that reached the target before its worker was cut off cannot be fenced there.',
      },
    ],
  },
  {
    title: 'Secrets and files',
    rows: [
      {
        id: 'T19',
        ask: 'A secret is in a parameter, a plan, a message, a command line, a log, an exception.',
        control:
          'Database and API know names of credentials. The worker resolves one when it opens a session, and hands it over as `PSCredential` on a private socket. The engine inherits a short list of variables. For Kerberos it gets the path of a ticket; a password goes to `kinit` by standard input, and to a directory only where its entry allows that.',
        code: ['src/adapters/secrets', 'engine/Host/PhaseSession.cs', 'src/adapters/powershell/start-host.ts'],
        shown: [
          'test/contracts/powershell-host.contract.ts: hands a credential over as a PSCredential, and only to a phase that asks',
          'test/contracts/powershell-host.contract.ts: keeps what it was started with to itself',
          'test/lab/stories.test.ts: a Linux endpoint over SSH › has left no secret in the database',
          'test/lab/kerberos.test.ts: a directory that is reached with Kerberos › keeps tickets in files of the worker alone, and gives its engine no secret',
          'test/lab/kerberos.test.ts: a ticket › is got with a password that is neither an argument nor in the environment of a program',
          'test/lab/kerberos.test.ts: a target that was altered › sends no password that nobody allowed to be sent',
          'test/tools/config.test.ts: the settings › never repeat a URL with its password in a message',
        ],
        open: 'There is no filter that removes a secret which a runbook itself prints or which somebody types into a reason. Logs and memory are not searched for planted secrets by a test.',
      },
      {
        id: 'T20',
        ask: 'A secret is read from the memory of a worker or of its engine.',
        control:
          'Each session has a fresh runspace; an engine is replaced after 200 phases, and ends when it holds too much memory.',
        code: ['src/adapters/powershell/engine-slot.ts', 'src/adapters/powershell/memory-limit.ts'],
        shown: ['test/contracts/powershell-host.contract.ts: keeps nothing of one phase for the next'],
        open: 'Memory is not encrypted: outside Windows a `SecureString` is clear text. The units of production forbid core dumps, and nothing forbids swap. Whoever can read the memory of a worker has its secrets.',
      },
      {
        id: 'T21',
        ask: 'A temporary password is read on its way to the user.',
        code: [],
        shown: [],
        open: 'Nothing is delivered: no runbook makes a password, and nothing in the product hands a secret to a person. A runbook that makes one must not be written until there is a way to hand it over.',
      },
      {
        id: 'T43',
        ask: 'A backup or a file of settings gives everything away; a default key is shipped.',
        control:
          'Keys and passwords are made at the first start, in files of mode 0600. A secret that others can read is not used. A backup holds the database and no key. There are no default passwords. In production secrets are in files alone, and a process whose files are open does not start.',
        code: [
          'src/platform/own-files.ts',
          'src/platform/read-own-file.ts',
          'src/installation/backup-and-restore.ts',
          'src/domain/production.ts',
        ],
        shown: [
          'test/end-to-end/restore.test.ts: a backup › holds the database and no key, credential or person, in files that only the owner can read',
          'test/adapters/secrets/files.test.ts: %s is closed to others',
          'test/adapters/postgres/embedded.test.ts: the files of the first start › are closed to other users with umask %s',
          'test/domain/production.test.ts: production › names every problem at once, each with a code of the table and what it is about',
          'test/tools/package.test.ts: docker-compose.yml › has a Redis that never drops a message, and no password of its own',
        ],
        open: 'Files of credentials and keys of the product are not encrypted, only closed. An approver’s own key is encrypted.',
      },
    ],
  },
  {
    title: 'Supply chain',
    rows: [
      {
        id: 'T42',
        ask: 'A package brings hostile code.',
        control:
          'At most 25 direct dependencies, a lockfile with checksums and without addresses, and a short list of packages that may run a script when they are installed. Actions of the workflow are pinned.',
        code: ['package.json', 'package-lock.json'],
        shown: [
          'test/tools/package.test.ts: the package › has few direct dependencies',
          'test/tools/package.test.ts: the package › lets only these packages run a script when they are installed',
          'test/tools/docs.test.ts: the documentation › runs the same command in the workflow as everywhere else, with pinned actions',
        ],
        open: 'No waiting time for new releases, no bill of materials, no check for known weaknesses in CI. A package has the rights of the process that loads it.',
      },
    ],
  },
];
