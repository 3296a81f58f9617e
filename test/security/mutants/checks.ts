import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';

/** One check taken out of the code: the text of its file without it. */
export interface Removal {
  readonly file: string;
  readonly line: number;
  /** The check, as it stands there. */
  readonly check: string;
  readonly text: string;
}

interface Guarded {
  readonly file: string;
  /** The suites that must turn red, as a pattern of Jest. */
  readonly suites: string;
  /** They start a database: a few seconds each. */
  readonly database?: true;
  /** Checks without which the result is the same, as they stand there, with the reason: no suite may turn red without them. */
  readonly same?: Readonly<Record<string, string>>;
}

const PURE = 'test/(security/(checks|scans)|usecases/decisions)\\.test';
const LOG = 'test/domain/(verify-audit|audit|logged-admissions)\\.test';

/** The files whose every check a suite must hold. A new check in them is a new mutant without a word here. */
export const GUARDED: readonly Guarded[] = [
  { file: 'src/usecases/claim/first-mismatch.ts', suites: PURE },
  {
    file: 'src/usecases/claim/check-grant.ts',
    suites: PURE,
    same: { '!plan': 'firstMismatch has refused a job without a plan before' },
  },
  { file: 'src/usecases/claim/check-job.ts', suites: PURE },
  { file: 'src/usecases/decide/refusal.ts', suites: PURE },
  { file: 'src/usecases/phases/open-checked.ts', suites: 'test/usecases/open-checked\\.test' },
  { file: 'src/domain/verify-audit.ts', suites: LOG },
  { file: 'src/domain/event-shape.ts', suites: `${LOG}|test/security/logged-rollouts\\.test` },
  { file: 'src/domain/checkpointed-log.ts', suites: LOG },
  { file: 'src/domain/restore-statement.ts', suites: LOG },
  { file: 'src/domain/logged-admissions.ts', suites: LOG },
  { file: 'src/domain/admitted-by.ts', suites: LOG },
  { file: 'src/domain/logged-subjects.ts', suites: 'test/security/logged-(subjects|standing)\\.test' },
  { file: 'src/domain/subject-people.ts', suites: 'test/security/logged-subjects\\.test' },
  { file: 'src/domain/subject-admission.ts', suites: 'test/domain/subject-admission\\.test' },
  { file: 'src/adapters/keys/public-keys.ts', suites: 'test/adapters/keys/public-keys\\.test' },
  { file: 'src/domain/production.ts', suites: 'test/domain/production\\.test' },
  { file: 'src/domain/rollouts/rollback.ts', suites: 'test/domain/rollouts/request\\.test' },
  {
    file: 'src/adapters/postgres/migrations/0028-rollbacks-of-rollouts.sql',
    suites: 'test/security/rollout-rights\\.test',
    database: true,
  },
  {
    file: 'src/adapters/postgres/migrations/0012-who-moves-what.sql',
    suites: 'test/security/rights\\.test',
    database: true,
  },
  {
    file: 'src/adapters/postgres/migrations/0013-what-an-event-must-be.sql',
    suites: 'test/security/(events|rights|inside)\\.test',
    database: true,
  },
  {
    file: 'src/adapters/postgres/migrations/0027-scans.sql',
    suites: 'test/http/scans\\.test',
    database: true,
  },
];

/** Each check of a file taken out by itself: a condition that never holds, an operand that always does, a comparison less. */
export function removalsOf(file: string): readonly Removal[] {
  const text = readFileSync(join(INSTALL_ROOT, file), 'utf8');
  const found = file.endsWith('.sql') ? exceptions(text) : [...conditions(text), ...operands(text), ...pairs(text)];
  return found.map(({ at, end, to }) => ({
    file,
    line: text.slice(0, at).split('\n').length,
    check: text.slice(at, end).replaceAll(/\s+/g, ' '),
    text: text.slice(0, at) + to + text.slice(end),
  }));
}

interface Span {
  readonly at: number;
  readonly end: number;
  readonly to: string;
}

/** `if (…)`. */
function conditions(text: string): readonly Span[] {
  return [...text.matchAll(/\bif \(/g)].map(({ index }) => {
    const at = index + 'if ('.length;
    let end = at;
    for (let depth = 1; depth > 0; end += 1) depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0;
    return { at, end: end - 1, to: `false && (${text.slice(at, end - 1)})` };
  });
}

/** Each line of a conjunction. */
function operands(text: string): readonly Span[] {
  const lines = [...text.matchAll(/^( +)([^\n]+?)( &&|;)$/gm)];
  return lines.flatMap(({ index, 1: indent = '', 2: operand = '', 3: sign }) => {
    const before = text.slice(0, index).trimEnd();
    if (sign === ';' && !before.endsWith('&&')) return [];
    const at = index + indent.length;
    return [{ at, end: at + operand.length, to: 'true' }];
  });
}

/** Each pair of what is there and what was approved. */
function pairs(text: string): readonly Span[] {
  return [...text.matchAll(/^ +(\w+: )?(\[\s*'[a-z-]+-(?:changed|invalid)',[^;]*?\]),$/gm)].map(
    ({ index, 0: all, 2: pair = '' }) => {
      const at = index + all.indexOf(pair);
      return { at, end: at + pair.length, to: "'elsewhere'" };
    },
  );
}

/** What a trigger or function of the database refuses. */
function exceptions(text: string): readonly Span[] {
  return [...text.matchAll(/RAISE EXCEPTION [^;]+/g)].map(({ index, 0: all }) => {
    return { at: index, end: index + all.length, to: all.replace('EXCEPTION', 'DEBUG') };
  });
}
