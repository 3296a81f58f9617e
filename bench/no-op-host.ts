import type { PowerShellHost, Session } from '../src/ports/powershell-host.js';

/** A stand-in that does nothing, for the speed of the record and the queue alone; no figure of it speaks about PowerShell. */
export function noOpHost(): PowerShellHost {
  const log = { durationMs: 0, records: 0, truncated: false };
  const session: Session = {
    remote: { clockOffsetMs: 0, psVersion: 'stand-in', os: 'stand-in', languageMode: 'stand-in' },
    runPhase: async (run) => ({
      ok: true,
      output: run.script.name.endsWith('Detect.ps1') ? [{ finding: 'absent', files: [] }] : [],
      log,
    }),
    close: async () => undefined,
  };
  return {
    engineDigest: async () => 'stand-in',
    open: async () => ({ ok: true, value: session }),
    checkScripts: async (scripts) =>
      scripts.map(({ file }) => ({ file, findings: [], functions: [], commands: [], thrown: [] })),
    gateLists: () => Promise.reject(new Error('there is no gate')),
    sessionCommands: () => Promise.reject(new Error('there is no engine')),
    pid: undefined,
    close: async () => undefined,
  };
}
