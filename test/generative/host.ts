import { setTimeout as sleep } from 'node:timers/promises';
import type { Value } from '../../src/domain/canonical.js';
import type { PhaseFailure, PhaseResult, PhaseRun, PowerShellHost, Session } from '../../src/ports/powershell-host.js';

/**
 * A stand-in for the engine: the generative run is about the interface, and a PowerShell for each of its jobs would cost most of its
 * processor time. The text that a job asks for says how the job goes, so that jobs come into every state.
 */
export const FATES = {
  plain: 'is written',
  slow: 'takes a while to be written',
  away: 'meets a target that is not reached',
  garbled: 'meets a Detect that returns nonsense',
  refused: 'is refused when it is written',
  lost: 'loses its connection when it is written',
  unproven: 'is never proved',
  present: 'is there already',
} as const;
export type Fate = keyof typeof FATES;

/** A change that reached the target, and the folder that its request named. */
export interface Effect {
  readonly directory: string;
  readonly phase: 'Apply' | 'Rollback';
  readonly resource: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface StandIn {
  /** What the target holds, by resource. */
  readonly files?: Map<string, string>;
  readonly onEffect?: (effect: Effect) => void;
}

type Parameters = { readonly directory: string; readonly names: readonly string[]; readonly text: string };
type Change = { readonly resource: string; readonly before: string | null; readonly after: string | null };

const LOG = { durationMs: 0, records: 0, truncated: false };
const SLOW_MS = 300;
const done = (...output: readonly Value[]): PhaseResult => ({ ok: true, output, log: LOG });
const fails = (failure: PhaseFailure): PhaseResult => ({ ok: false, failure, log: LOG });

export function standInHost({ files = new Map<string, string>(), onEffect }: StandIn = {}): PowerShellHost {
  const session: Session = {
    remote: { clockOffsetMs: 0, psVersion: 'stand-in', os: 'stand-in', languageMode: 'FullLanguage' },
    runPhase: (run, onRecord, signal) => {
      onRecord?.({
        seq: 1,
        stream: 'verbose',
        text: run.script.name,
        atUtc: new Date().toISOString(),
        truncated: false,
      });
      return runPhase({ files, ...(onEffect ? { onEffect } : {}) }, run, signal);
    },
    close: async () => undefined,
  };
  return {
    pid: undefined,
    engineDigest: async () => '0'.repeat(64),
    open: async () => ({ ok: true, value: session }),
    checkScripts: async (scripts) =>
      scripts.map(({ file }) => ({ file, findings: [], functions: [], commands: [], thrown: [] })),
    gateLists: () => Promise.reject(new Error('no gate')),
    sessionCommands: () => Promise.reject(new Error('no engine')),
    close: async () => undefined,
  };
}

async function runPhase(
  { files, onEffect }: { readonly files: Map<string, string>; readonly onEffect?: StandIn['onEffect'] },
  run: PhaseRun,
  signal?: AbortSignal,
): Promise<PhaseResult> {
  const given = run.parameters.Parameters as unknown as Parameters;
  const change = run.parameters.Change as unknown as Change;
  const phase = run.script.name.replace(/^.*\//, '').replace('.ps1', '');
  const is = (fate: Fate) => given.text.startsWith(fate);
  switch (phase) {
    case 'Detect':
      if (is('away')) return fails({ kind: 'unreachable', detail: 'asked for' });
      if (is('garbled')) return done(7);
      return done(detect(files, given));
    case 'Plan':
      return done(...plan(given, run.parameters.State as unknown as ReturnType<typeof detect>));
    case 'Verify':
      return done({ proven: !is('unproven'), evidence: [] });
    case 'Rollback':
      onEffect?.({ directory: given.directory, phase, ...change });
      if (change.before === null) files.delete(change.resource);
      else files.set(change.resource, change.before);
      return done({ outcome: 'changed' });
    default:
      if (is('slow')) await sleep(SLOW_MS, undefined, { signal }).catch(() => undefined);
      if (signal?.aborted) return fails({ kind: 'cancelled' });
      if (is('lost')) return fails({ kind: 'link-lost', detail: 'asked for' });
      if (is('refused')) return fails({ kind: 'reported', code: 'script-error', error: REPORTED });
      onEffect?.({ directory: given.directory, phase: 'Apply', ...change });
      files.set(change.resource, change.after ?? '');
      return done({ outcome: 'changed' });
  }
}

const REPORTED = {
  fullyQualifiedErrorId: 'script-error',
  category: '',
  message: 'asked for',
  exceptionType: '',
  hresult: 0,
  scriptStackTrace: '',
};

function detect(files: ReadonlyMap<string, string>, { directory, names, text }: Parameters) {
  const seen = names.map((name) => ({ name, text: files.get(`file:${directory}/${name}`) ?? null }));
  const there = text.startsWith('present') || seen.every((file) => file.text === text);
  return { finding: there ? 'absent' : 'present', files: seen };
}

function plan({ directory, text }: Parameters, { finding, files }: ReturnType<typeof detect>) {
  if (finding === 'absent') return [];
  return files
    .filter((file) => file.text !== text)
    .map((file) => ({
      resource: `file:${directory}/${file.name}`,
      property: 'text',
      before: file.text,
      after: text,
      action: 'write-file',
    }));
}
