import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { sha256 } from '../../domain/digest.js';
import type { WinRmTransport } from '../../domain/target.js';
import type { Credentials } from '../../ports/credentials.js';
import { failedBy, ok, type TargetCheck } from './check.js';
import { handshake } from './ldaps.js';
import { CONNECT_MS, connectionProblem } from './network.js';

/** Whether a machine shows the certificate that its entry in the inventory pins, or one of the pinned authority for its name. */
export async function showsCertificate(
  credentials: Pick<Credentials, 'caDirectory'>,
  { host, port, tls }: WinRmTransport,
): Promise<readonly TargetCheck[]> {
  if (!tls) return [];
  if (tls.pinned === 'certificate') return [await showsPinned(host, port, tls.fingerprint)];
  const folder = await credentials.caDirectory(tls.fingerprint);
  if (!folder.ok) return [failedBy('certificate', 'credential-unavailable', folder.error.why)];
  const checked = await handshake(host, port, await readFile(`${folder.value}/ca.pem`, 'utf8'));
  return [checked.state === 'ok' ? checked : failedBy('certificate', 'certificate-not-trusted', checked.detail)];
}

async function showsPinned(host: string, port: number, fingerprint: string): Promise<TargetCheck> {
  // The certificate itself is compared: neither its authority nor its name matters.
  const options: ConnectionOptions = { host, port, timeout: CONNECT_MS, rejectUnauthorized: false };
  const socket = connect({ ...options, ...(isIP(host) === 0 ? { servername: host } : {}) });
  const problem = await connectionProblem(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate();
  socket.destroy();
  if (problem !== undefined) return failedBy('certificate', 'certificate-not-trusted', `${host}: ${problem}`);
  const seen = shown ? sha256(shown.raw) : 'none';
  return seen === fingerprint
    ? ok('certificate', `${host}: the one that is pinned, valid until ${shown?.validTo ?? 'an unknown time'}`)
    : failedBy('certificate', 'certificate-not-trusted', `the inventory has ${fingerprint}, the machine shows ${seen}`);
}
