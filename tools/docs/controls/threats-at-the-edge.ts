import type { Section } from './control.js';

/** Threats to the audit log and to what people read, and those that come by HTTP. */
export const EDGE: readonly Section[] = [
  {
    title: 'Audit log and output',
    rows: [
      {
        id: 'T22',
        ask: 'A text forges log lines or commands the terminal that shows it.',
        control:
          'Logs are JSON lines. The command line writes out every control, hidden or directional character, in tables and in JSON.',
        code: ['src/domain/visible.ts', 'src/cli/terminal.ts', 'src/adapters/powershell/clean-text.ts'],
        shown: [
          'test/tools/terminal-text.test.ts: a command › that %s sends nothing to the terminal that it obeys',
          'test/tools/printed-values.test.ts: what cannot be seen › U+%s is written out',
          'test/adapters/runbook-files/check.test.ts: a text of the manifest › %s is refused with what a terminal obeys or hides',
        ],
      },
      {
        id: 'T23',
        ask: 'A cell of an exported CSV file is a formula.',
        control: 'Cells that a spreadsheet would compute begin with an apostrophe, and cells are quoted by RFC 4180.',
        code: ['src/http/views/audit.ts'],
        shown: [
          'test/tools/audit-csv.test.ts: the reason %j is no formula where %j separates cells',
          'test/http/audit-search.test.ts: the search of the audit log › is CSV whose cells are no formulas, and JSON Lines, of all events that fit',
        ],
      },
      {
        id: 'T24',
        ask: 'The audit log is changed, cut, rolled back or filled with lies.',
        control:
          'Events are append-only and written by their own role. They form a chain. Authority signs checkpoints and keeps them outside the database. The verifier compares approvals with grants and changes with their use.',
        code: [
          'src/domain/verify-audit.ts',
          'src/domain/checkpointed-log.ts',
          'src/adapters/postgres/migrations/0013-what-an-event-must-be.sql',
        ],
        shown: [
          'test/security/tampering.test.ts: the verifier, with checkpoints that were kept › finds %s, and where it begins',
          'test/security/tampering.test.ts: the verifier, without any checkpoint › finds %s, at the event that does not hold',
          'test/security/vectors.test.ts: two verifiers that share no code › find %s, at the same event',
          'test/usecases/checkpoints.test.ts: the checkpoints of the audit log › tell a log that was rolled back, and not one that says that it was restored',
          'test/usecases/forged.test.ts: forged rows and messages run nothing › not even the owner can change the audit log',
          'figure: tampering',
          'figure: false-alarms',
        ],
        open: 'It is evidence, not prevention: whoever has the key of authority and every copy of the checkpoints can write another history. Events after the newest checkpoint are protected by access rights only. A collector over UDP does not confirm.',
      },
      {
        id: 'T25',
        ask: 'Somebody sets a clock back, so that something expired is valid again.',
        control:
          'Windows and leases follow the clock of the database, which remembers the latest time that it saw. Order is by number. A jump back is an event.',
        code: ['src/adapters/postgres/clock.ts', 'src/usecases/claim/claim-job.ts'],
        shown: [
          'test/usecases/durable.test.ts: a clock that jumps back › revives nothing that expired, is audited, and affects no later job',
          'test/domain/journal.test.ts: is ordered by sequence number, whatever the clock showed',
        ],
        open: 'A clock that is ahead expires things early. Only `fixpoint doctor` compares the clocks of the processes.',
      },
      {
        id: 'T26',
        ask: 'A forged X-Forwarded-For evades a limit or stands in the log.',
        control: 'The header is believed from named proxies alone.',
        code: ['src/http/client-address.ts', 'src/http/limits.ts'],
        shown: [
          'test/http/edge.test.ts: a limit › takes the address of the connection, whatever X-Forwarded-For says',
          'test/http/edge.test.ts: a limit › takes what a trusted proxy says, the last address that is none of a trusted one',
        ],
        open: 'Audit events hold no address of a client.',
      },
    ],
  },
  {
    title: 'HTTP',
    rows: [
      {
        id: 'T27',
        ask: 'The product is made to call an internal address.',
        control:
          'No route takes a URL, and there are no outgoing webhooks. Addresses that processes call are settings; those of targets are entered by people with the right to edit the inventory.',
        code: ['src/http/routes', 'src/processes/config.ts'],
        shown: [
          'test/tools/addresses.test.ts: the host of a target › may not be %j',
          'test/security/matrix.test.ts: %s › %s may do at every route exactly what decide() says',
        ],
        open: 'Whoever may edit the inventory, in production two of them, can have a worker connect by SSH, LDAP or LDAPS to any host and port. A credential goes only to the hosts that its entry names.',
      },
      {
        id: 'T28',
        ask: 'An incoming webhook without a signature starts something.',
        control:
          'There are no incoming webhooks. Every route but the ones for health and the API document needs a token.',
        code: ['src/http/routing.ts'],
        shown: ['test/http/interface.test.ts: every route › names the right it needs and refuses everybody without it'],
      },
      {
        id: 'T30',
        ask: 'Large, deep or slow requests stop the API.',
        control:
          'Bodies have at most 256 KiB and 20 levels, and are read only of somebody who is known. Patterns with exponential time are refused. Requests are limited by token and by address.',
        code: ['src/http/body.ts', 'src/http/limits.ts', 'src/adapters/runbook-files/pattern-ways.ts'],
        shown: [
          'test/http/protocol.test.ts: a body › that nests a hundred thousand levels is refused as too deep',
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › without a token, a body that is %s is not read',
          'test/http/generative.test.ts: requests made from the document, %i to %i: every one is answered as the document says',
        ],
        open: 'A request has 30 s, and its head 10 s; no test sends a slow one. A flood from many addresses is for a proxy.',
      },
      {
        id: 'T31',
        ask: 'A script or a target returns output without an end.',
        control:
          'Records, streams and sessions have limits; a flood ends the phase. A phase that does not end in its time is stopped with all that it started. An engine has a limit of memory.',
        code: [
          'engine/Host/RunOutput.cs',
          'src/adapters/powershell/kill-tree.ts',
          'src/adapters/powershell/memory-limit.ts',
        ],
        shown: [
          'test/contracts/powershell-host.contract.ts: stops a flood, bounded',
          'test/adapters/powershell/process-tree.test.ts: a phase that ignores every stop ends with its engine and all processes that the engine started',
          'test/adapters/powershell/session-state.test.ts: an engine that holds too much memory is ended, with a line that says so',
        ],
      },
      {
        id: 'T33',
        ask: 'A forged self-contained token signs somebody in.',
        control:
          'Tokens are 256 random bits that are looked up; the database has their SHA-256. Nothing that a token says about itself is believed. Signatures are Ed25519 alone, by keys that are named beforehand.',
        code: ['src/http/authenticate.ts', 'src/domain/person-key.ts'],
        shown: [
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › without a valid token: %s',
          'test/domain/person-key.test.ts: a public key of small order › %s is no key: not for a request, not for a signature',
        ],
      },
      {
        id: 'T34',
        ask: 'A page of another site makes requests with the rights of its visitor.',
        control:
          'There are no cookies: a token is in a header that no other site can set. No CORS header is sent. A name that was made to resolve to this machine is refused. Framing is forbidden.',
        code: ['src/http/known-host.ts', 'src/http/app.ts'],
        shown: [
          'test/http/edge.test.ts: a request for another host › is refused at %s',
          'test/http/edge.test.ts: a request for another host › is refused for %j',
        ],
        open: 'On an address that others reach, every name is answered until `FIXPOINT_NAMES` is set.',
      },
      {
        id: 'T35',
        ask: 'A name or an output runs as script in a browser.',
        control: 'There is no web console. Answers are JSON with `nosniff` and a policy that allows no content.',
        code: ['src/http/app.ts'],
        shown: [
          'test/http/edge.test.ts: every answer › forbids to guess its type, to frame it and to load anything from it, and lets no other origin in: %s',
        ],
      },
      {
        id: 'T36',
        ask: 'A route, a list or a stream shows or changes an object of somebody else.',
        control:
          'Each route names its right; one function decides, for each object in a list too. Another’s job is not found. A stream ends when its reader loses the right.',
        code: ['src/http/routing.ts', 'src/http/scoped.ts', 'src/domain/policy/decide.ts'],
        shown: [
          'test/security/matrix.test.ts: has a request for every route, and every route has a right that the built-in policy knows',
          'test/security/matrix.test.ts: %s › %s finds in every list exactly what decide() lets them see',
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › an unknown path, an unknown id, another person’s job',
          'test/http/streams.test.ts: a stream ends at its next heartbeat when %s',
        ],
      },
    ],
  },
];
