import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../../src/domain/canonical.js';
import type { PhaseResult, PhaseRun, PowerShellHost, Session } from '../../../src/ports/powershell-host.js';

/**
 * A stand-in for the engine, put into a build by the fault harness where speed is the point: it does in the worker's own process
 * what the runbook `ledger` does in PowerShell. It is not the product's engine and shows nothing about it.
 */
type Parameters = Readonly<Record<string, unknown>> & {
  readonly directory: string;
  readonly objects: readonly string[];
  readonly value: string;
  readonly action: string;
  readonly holdMs?: number;
  readonly refuse?: string;
  readonly jobId: string;
};
type Change = { readonly resource: string; readonly before: string | null; readonly after: string | null };

const LOG = { durationMs: 0, records: 0, truncated: false };

export function createPowerShellHost(): PowerShellHost {
  return {
    pid: process.pid,
    engineDigest: async () => 'stand-in'.padEnd(64, '0'),
    open: async () => ({ ok: true, value: session() }),
    checkScripts: async (scripts) =>
      scripts.map(({ file }) => ({ file, findings: [], functions: [], commands: [], thrown: [] })),
    gateLists: () => Promise.reject(new Error('there is no gate')),
    sessionCommands: () => Promise.reject(new Error('there is no engine')),
    close: async () => undefined,
  };
}

function session(): Session {
  return {
    remote: { clockOffsetMs: 0, psVersion: 'stand-in', os: 'stand-in', languageMode: 'FullLanguage' },
    runPhase: (run, onRecord, signal) => {
      // An engine has something to say in each phase, which is stored beside the job.
      const said = {
        seq: 1,
        stream: 'verbose',
        text: run.script.name,
        atUtc: new Date().toISOString(),
        truncated: false,
      } as const;
      onRecord?.(said);
      return runPhase(run, signal);
    },
    close: async () => undefined,
  };
}

async function runPhase({ script, parameters }: PhaseRun, signal?: AbortSignal): Promise<PhaseResult> {
  const given = parameters.Parameters as unknown as Parameters;
  const phase = script.name.replace(/^.*\//, '').replace('.ps1', '');
  try {
    switch (phase) {
      case 'Detect':
        // Long enough to be in the middle of it when a worker is told to stop.
        await pause((given.holdMs ?? 0) >= 1000 ? 400 : 0, signal);
        return done([detect(given)]);
      case 'Plan':
        return done(plan(given, parameters.State as never));
      case 'Verify':
        return done([{ proven: !existsSync(join(given.directory, `unproven-${given.jobId}`)), evidence: [] }]);
      case 'Rollback':
        await apply(given, parameters.Change as never, 'undo', signal);
        return done([{ outcome: 'changed' }]);
      default:
        // A changed text stands for changed code: what it writes is not what was approved.
        await apply(
          given,
          parameters.Change as never,
          script.text.includes('tampered') ? 'tampered' : 'effect',
          signal,
        );
        if (given.refuse?.startsWith('answer') === true)
          return { ok: false, failure: { kind: 'link-lost', detail: 'asked for' }, log: LOG };
        return done([{ outcome: 'changed' }]);
    }
  } catch (error) {
    const code = (error as Error).message;
    if (code === 'cancelled') return { ok: false, failure: { kind: 'cancelled' }, log: LOG };
    const fields = {
      fullyQualifiedErrorId: code,
      category: '',
      message: code,
      exceptionType: '',
      hresult: 0,
      scriptStackTrace: '',
    };
    return { ok: false, failure: { kind: 'reported', code, error: fields }, log: LOG };
  }
}

const done = (output: readonly Value[]): PhaseResult => ({ ok: true, output, log: LOG });

function valueOf(directory: string, object: string): string | null {
  const path = join(directory, `${object}.ledger`);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const last = lines.findLast((line) => line.startsWith('effect ') || line.startsWith('undo '));
  const value = last?.split(' ')[3] ?? '-';
  return value === '-' ? null : value;
}

function detect({ directory, objects, value, refuse }: Parameters) {
  if (existsSync(join(directory, `closed-${value}`))) throw new Error('window-closed');
  const seen = objects.map((name) => ({
    id: `${directory}/${name}`,
    name,
    value: refuse?.includes('blind') === true ? null : valueOf(directory, name),
  }));
  return { finding: seen.some((one) => one.value !== value) ? 'present' : 'absent', objects: seen };
}

function plan({ directory, value, action }: Parameters, state: ReturnType<typeof detect>) {
  return state.objects
    .filter((one) => one.value !== value)
    .map((one) => ({
      resource: `ledger:${directory}/${one.name}`,
      property: 'value',
      before: one.value,
      after: value,
      action,
    }));
}

async function apply(
  given: Parameters,
  change: Change,
  kind: 'effect' | 'undo' | 'tampered',
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = change.resource.slice(change.resource.lastIndexOf('/') + 1);
  if (kind === 'effect' && given.refuse === name) throw new Error('directory-refused');
  const value = kind === 'effect' ? change.after : kind === 'undo' ? change.before : 'tampered';
  const line = (word: string) =>
    append(join(given.directory, `${name}.ledger`), `${word} ${given.jobId} ${name} ${value ?? '-'} ${Date.now()}\n`);
  line('begin');
  if (given.refuse === 'poison') process.kill(process.pid, 'SIGKILL');
  await pause(given.holdMs ?? 0, signal);
  line(kind === 'undo' ? 'undo' : 'effect');
  await pause(given.holdMs ?? 0, signal);
  line('end');
}

function append(path: string, line: string): void {
  const file = openSync(path, 'a');
  writeSync(file, line);
  fsyncSync(file);
  closeSync(file);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('cancelled'));
    });
  });
}
