/** What each finding means and what to do about it; `note`: not wrong, but worth knowing. */
export const FINDINGS = {
  'settings-wrong': ['wrong', 'A setting cannot be used.', 'Mend the variable and start again.'],
  'file-missing': [
    'wrong',
    'A file of the installation is missing.',
    'Put it back, or start the product once, which makes it.',
  ],
  'file-open-to-others': [
    'wrong',
    'A secret file can be read by others.',
    'chmod 600 it, and consider what it held as known.',
  ],
  'file-malformed': ['wrong', 'A file cannot be read as what it should be.', 'Mend it; the detail says where.'],
  'nobody-approves': [
    'wrong',
    'No two people can finish a request: one must submit, another approve.',
    'Add people: fixpoint person add <id> <name> <roles...>.',
  ],
  'disk-full-soon': [
    'wrong',
    'Little disk space is left.',
    'Make room: without it every request that changes something is refused.',
  ],
  'engine-missing': [
    'wrong',
    'The PowerShell engine is not there.',
    'Build it with npm run engine:build, or set FIXPOINT_PWSH.',
  ],
  'engine-broken': [
    'wrong',
    'The PowerShell engine does not start.',
    'Look at the detail; rebuild it with npm run engine:build.',
  ],
  'database-unreachable': [
    'wrong',
    'The database does not answer.',
    'Start Fixpoint (npm start), or check DATABASE_URL and the server.',
  ],
  'database-unnamed': [
    'wrong',
    'No database is known: nothing runs here.',
    'Start Fixpoint, or set DATABASE_URL or FIXPOINT_API_DATABASE_URL.',
  ],
  'migrations-missing': [
    'wrong',
    'The schema is older than the program.',
    'Stop all parts and start again (npm start), or run the migration.',
  ],
  'migrations-foreign': [
    'wrong',
    'The schema was made by another version.',
    'Use the version that made it, or restore a backup of this one.',
  ],
  'migrations-unseen': [
    'note',
    'The schema could not be compared: this role may not read it.',
    'Set DATABASE_URL for a full look.',
  ],
  'role-missing': ['wrong', 'A database role is missing.', 'Run the migration; npm start does.'],
  'rights-too-wide': [
    'wrong',
    'A database role may do what it must not.',
    'Find out who granted it, then run the migration: it sets the rights anew.',
  ],
  'rights-missing': ['wrong', 'A database role lacks a right.', 'Run the migration: it sets the rights anew.'],
  'carrier-unreachable': [
    'wrong',
    'The carrier of messages does not answer.',
    'Start it; requests are kept meanwhile and go on by themselves.',
  ],
  'redis-evicts': ['wrong', 'Redis may drop messages under memory pressure.', 'Set maxmemory-policy noeviction.'],
  'part-silent': ['wrong', 'A part gives no sign of life.', 'Start it; its log says why it ended.'],
  'part-cannot-reach-carrier': [
    'wrong',
    'The relay does not reach the carrier.',
    'Check the carrier and the relay’s settings.',
  ],
  'clocks-apart': [
    'wrong',
    'Clocks differ by more than two seconds.',
    'Let all machines keep time by NTP: leases and expiry are times.',
  ],
  'outbox-lagging': ['wrong', 'Messages are not handed to the carrier.', 'See the relay and the carrier.'],
  'queue-lagging': [
    'wrong',
    'Messages are not taken by a worker.',
    'Start a worker for that pool, or raise FIXPOINT_SLOTS.',
  ],
  'chain-lagging': ['wrong', 'Audit events are not chained.', 'See the relay: it alone chains.'],
  'events-unchained-for-good': [
    'wrong',
    'Audit events are neither chained nor waiting to be.',
    'Treat it as tampering: export the log, verify it, and find out who wrote to the record.',
  ],
  'jobs-stuck': [
    'wrong',
    'Jobs have been in a state beyond its bound.',
    'See that worker and relay run; docs/operating.md says what each state means.',
  ],
  'jobs-need-a-person': [
    'note',
    'Jobs wait for a person to look at the target.',
    'fixpoint job show <id>, look, then fixpoint job settle <id> in-place or not-in-place.',
  ],
  frozen: ['note', 'All new work is frozen.', 'fixpoint freeze off, when what it was for is over.'],
} as const satisfies Readonly<Record<string, readonly ['wrong' | 'note', string, string]>>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'wrong' | 'note';
  readonly what: string;
  /** The thing it is about: a file, a role, a part, a job. */
  readonly detail: string;
  readonly toDo: string;
}

export function finding(code: FindingCode, detail: string): Finding {
  const [severity, what, toDo] = FINDINGS[code];
  return { code, severity, what, detail, toDo };
}
