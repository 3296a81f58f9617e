import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Types of host keys from the most to the least wanted. */
const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];
const SCAN_S = 10;

/** The fingerprint of a host key as `ssh-keygen -l` prints it: `SHA256:` and the digest in base64 without padding. */
export function fingerprintOf(hostKey: string): string {
  const blob = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The type and the key of a line such as the one in `ssh_host_ed25519_key.pub` or from ssh-keyscan; undefined when it is no host key. */
export function hostKeyIn(line: string): string | undefined {
  return /(?:^|\s)((?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{40,}={0,2})(?:\s|$)/.exec(
    line,
  )?.[1];
}

/**
 * The host keys that a server shows now, without comments, the type that OpenSSH prefers first; at least one. That a server shows a key
 * proves nothing about who it is: a person compares it.
 * @param host a name or an address; it never begins with a hyphen
 * @throws Error when nothing that speaks SSH answers within 10 seconds, or when ssh-keyscan is not installed
 */
export async function scanHostKeys(host: string, port: number): Promise<readonly [string, ...string[]]> {
  if (!/^[A-Za-z0-9]/.test(host) && !host.startsWith(':')) throw new Error(`${host} is not the name of a host.`);
  const { stdout, stderr } = await run('ssh-keyscan', [
    ...['-T', String(SCAN_S), '-p', String(port)],
    ...['-t', 'ed25519,ecdsa,rsa', host],
  ]).catch((error: NodeJS.ErrnoException & { stdout?: string; stderr?: string }) => {
    if (error.code === 'ENOENT') throw new Error('ssh-keyscan is not installed: install the package openssh-client.');
    return { stdout: error.stdout ?? '', stderr: error.stderr ?? '' };
  });
  const keys = stdout.split('\n').flatMap((line) => hostKeyIn(line) ?? []);
  const [best, ...others] = keys.sort((a, b) => rank(a) - rank(b));
  if (best !== undefined) return [best, ...others];
  const why = stderr.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
  throw new Error(`No SSH server answers at ${host}, port ${port}${why === undefined ? '.' : `: ${why}`}`);
}

const rank = (hostKey: string): number => TYPES.indexOf(hostKey.split(' ')[0] ?? '');
