import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Transport } from '../../domain/target.js';
import type { Credentials } from '../../ports/credentials.js';
import { failed, failedBy, ok, type TargetCheck } from './check.js';

const HANDSHAKE_MS = 10_000;

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

function handshake(host: string, port: number, ca: string): Promise<TargetCheck> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ca,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      timeout: HANDSHAKE_MS,
    });
    const end = (check: TargetCheck) => {
      socket.destroy();
      resolve(check);
    };
    const refused = (why: string) =>
      end(
        failed(
          'certificate',
          `${host}: ${why}`,
          'Check the certificate of the controller, its names, and the authority that the target pins.',
        ),
      );
    socket.once('secureConnect', () => {
      const peer = socket.getPeerX509Certificate();
      end(ok('certificate', `${host}: valid until ${peer?.validTo ?? 'an unknown time'}`));
    });
    socket.once('timeout', () => refused(`no answer within ${HANDSHAKE_MS / 1000} s`));
    socket.once('error', (error: Error) => refused(error.message));
  });
}
