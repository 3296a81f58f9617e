import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { tally, type Figure } from './figure.js';

const FILES =
  'src/domain/{grant,people,audit,audit-line,audit-writers,verify-audit,logged-keys,logged-admissions,logged-subjects,subject-admission,subject-people,admitted-by,checkpoint,checkpointed-log,merkle,inclusion,production,rollout-list,standing-step}.ts';
const SUITES =
  'test/(domain/(audit|inclusion|people|verify-audit|logged-admissions|subject-admission|checkpoint|merkle|canonical|production|rollout-list)|security/logged-(subjects|standing|rollouts))';

interface Share {
  readonly total: number;
  readonly covered: number;
}

/** The branches of the code that grants, judges and verifies which the unit suites reach: one that they do not is wrong. */
export async function coverage(): Promise<Figure> {
  const told = tally('branch coverage');
  const folder = mkdtempSync('/tmp/fxs-cov-');
  try {
    const ran = spawnSync(
      process.execPath,
      [
        ...[
          '--experimental-vm-modules',
          '--disable-warning=ExperimentalWarning',
          'node_modules/jest/bin/jest.js',
          SUITES,
        ],
        ...['--coverage', '--coverageProvider=v8', '--coverageReporters=json-summary', '--coverageDirectory', folder],
        ...['--collectCoverageFrom', FILES, '--maxWorkers=2'],
      ],
      { cwd: INSTALL_ROOT, encoding: 'utf8' },
    );
    if (ran.status !== 0) told.add(ran.stderr.slice(-2000));
    const summary = JSON.parse(readFileSync(join(folder, 'coverage-summary.json'), 'utf8')) as Readonly<
      Record<string, Readonly<Record<'branches' | 'functions' | 'lines', Share>>>
    >;
    let branches = 0;
    for (const [file, shares] of Object.entries(summary).filter(([name]) => name !== 'total')) {
      branches += shares.branches.total;
      // A function that is never called shows no branches.
      for (const kind of ['branches', 'functions', 'lines'] as const) {
        const { total, covered } = shares[kind];
        told.add(covered < total ? `${file}: ${covered} of ${total} ${kind}` : undefined);
      }
    }
    if (branches === 0) told.add('nothing was measured');
    return told.figure({ branches });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
