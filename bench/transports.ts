import { readFileSync } from 'node:fs';
import { sha256 } from '../src/domain/digest.js';
import type { Place, PowerShellHost, Session } from '../src/ports/powershell-host.js';
import type { Value } from '../src/domain/canonical.js';
import { aHost, anEndpoint } from '../test/support/hosts.js';
import { opened } from '../test/support/phases.js';
import { aKerberosWinRm } from '../test/support/winrm.js';
import { HANGS_MS } from '../test/support/patience.js';
import type { Figure } from './figures.js';

const OPENS = 8;
const WARM = 300;
const WARM_UP = 50;
const LARGE = 3;
const SESSIONS = 50;
const TEXT = 'a'.repeat(5_000_000);

/**
 * WinRM (a double, Kerberos, sealed on HTTP) against SSH: the same PowerShell at the far end, the same engine at the near one, the two by
 * turns in one run, so that the ratios hold whatever else the machine does.
 */
export async function transports(): Promise<readonly Figure[]> {
  const ssh = await anEndpoint();
  const winrm = await aKerberosWinRm('bench-transports');
  const { host, close } = aHost();
  try {
    const places = { ssh: ssh.place(), winrm: await winrm.kerberos() };
    const figures = [...(await byTurns(host, places)), ...(await crowd(host, places.winrm))];
    return figures;
  } finally {
    await close();
    await winrm.stop();
    await ssh.stop();
  }
}

async function run(session: Session, body: string, parameters: Value = {}): Promise<number> {
  const text = `[CmdletBinding()] param($Parameters)\n${body}`;
  const script = { name: 'bench', text, sha256: sha256(text) };
  const limits = { outputBytes: 16_000_000 };
  const from = performance.now();
  const result = await session.runPhase({
    script,
    modules: [],
    parameters: { Parameters: parameters },
    timeoutMs: HANGS_MS,
    limits,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return performance.now() - from;
}

async function byTurns(host: PowerShellHost, places: { readonly ssh: Place; readonly winrm: Place }) {
  const sides = Object.entries(places);
  const values = new Map<string, number[]>();
  const note = (name: string, value: number) => values.set(name, [...(values.get(name) ?? []), value]);
  for (let i = 0; i <= OPENS; i++)
    for (const [name, place] of sides) {
      const from = performance.now();
      const session = await opened(host, place);
      // The first one warms the engine.
      if (i > 0) note(`open, ${name}`, performance.now() - from);
      await session.close();
    }
  const sessions = new Map<string, Session>();
  for (const [name, place] of sides) sessions.set(name, await opened(host, place));
  for (let i = 0; i < WARM_UP + WARM; i++)
    for (const [name, session] of sessions) {
      const ms = await run(session, '1');
      if (i >= WARM_UP) note(`warm command, ${name}`, ms);
    }
  for (let i = 0; i < LARGE; i++)
    for (const [name, session] of sessions) {
      note(`5 MB up, ${name}`, await run(session, '$Parameters.x.Length', { x: TEXT }));
      note(`5 MB down, ${name}`, await run(session, "'a' * 5000000"));
    }
  for (const session of sessions.values()) await session.close();
  return [...values].map(([name, list]): Figure => ({ name, unit: 'ms', values: list }));
}

/** Memory of the engine with many sessions beyond what it has with none. */
async function crowd(host: PowerShellHost, place: Place): Promise<readonly Figure[]> {
  const resident = () => {
    const [, kilobytes = ''] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  };
  const before = resident();
  const sessions: Session[] = [];
  // A few at a time: each starts a PowerShell, and the machine has two cores.
  for (let i = 0; i < SESSIONS; i += 5)
    sessions.push(...(await Promise.all(Array.from({ length: 5 }, () => opened(host, place)))));
  const after = resident();
  await Promise.all(sessions.map((session) => session.close()));
  return [
    { name: `engine with ${SESSIONS} sessions over WinRM`, unit: 'MB', values: [after] },
    { name: 'engine before them', unit: 'MB', values: [before] },
  ];
}
