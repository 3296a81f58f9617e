import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Transport } from '../../domain/target.js';
import type { Credentials } from '../../ports/credentials.js';
import { failed, failedBy, ok, type TargetCheck } from './check.js';
import { CONNECT_MS, connectionProblem } from './network.js';

/** Whether each controller shows a certificate for its name from the authority that the target pins. */
export async function testCertificates(
  credentials: Pick<Credentials, 'caDirectory'>,
  { servers, port, caFingerprint }: Extract<Transport, { type: 'ldaps' }>,
): Promise<readonly TargetCheck[]> {
  const folder = await credentials.caDirectory(caFingerprint);
  if (!folder.ok) return [failedBy('certificate', 'credential-unavailable', folder.error.why)];
  const ca = await readFile(join(folder.value, 'ca.pem'), 'utf8');
  return Promise.all(servers.map((host) => handshake(host, port, ca)));
}

/** Whether a server shows a certificate for its name from an authority (PEM). */
export async function handshake(host: string, port: number, ca: string): Promise<TargetCheck> {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port, ca, ...servername, timeout: CONNECT_MS });
  const problem = await connectionProblem(socket, 'secureConnect');
  const validTo = socket.getPeerX509Certificate()?.validTo;
  socket.destroy();
  if (problem === undefined) return ok('certificate', `${host}: valid until ${validTo ?? 'an unknown time'}`);
  return failed(
    'certificate',
    `${host}: ${problem}`,
    'Check the certificate of the controller, its names, and the authority that the target pins.',
  );
}
