import { sha256 } from '../../src/domain/digest.js';
import type { PhaseResult, Place, PowerShellHost, Session } from '../../src/ports/powershell-host.js';
import { HANGS_MS } from './patience.js';

const textOf = (body: string) => `[CmdletBinding()] param($Parameters)\n${body}`;

/** Runs a text as a phase; it has no parameters. */
export function runText(
  session: Session,
  body: string,
  timeoutMs = HANGS_MS,
  signal?: AbortSignal,
): Promise<PhaseResult> {
  const text = textOf(body);
  const script = { name: 'test', text, sha256: sha256(text) };
  return session.runPhase({ script, modules: [], parameters: { Parameters: {} }, timeoutMs }, undefined, signal);
}

/** @throws Error when it does not open */
export async function opened(host: PowerShellHost, place: Place): Promise<Session> {
  const session = await host.open(place);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  return session.value;
}

/** Opens a session for one text and closes it; the failure of either. */
export async function resultIn(host: PowerShellHost, place: Place, body: string): Promise<unknown> {
  const session = await host.open(place);
  if (!session.ok) return session.error;
  try {
    const result = await runText(session.value, body);
    return result.ok ? result.output : result.failure;
  } finally {
    await session.value.close();
  }
}
