import { fingerprintOf, hostKeyIn, scanHostKeys } from '../platform/host-key.js';
import { Refusal } from './api/refusal.js';
import { confirm, readText, usage } from './terminal.js';

export interface HostKeyOptions {
  /** The key itself, or `@file` with it. */
  readonly hostKey?: string;
  /** What the key that the server shows must have. */
  readonly fingerprint?: string;
}

/**
 * The host key of a target: as it was given, or as the server shows it once its fingerprint was compared, by `--fingerprint` or by the
 * person at the terminal.
 * @throws Refusal when nobody said that the key is right
 */
export async function hostKeyOf(host: string, port: number, { hostKey, fingerprint }: HostKeyOptions): Promise<string> {
  if (hostKey !== undefined) {
    const text = hostKey.startsWith('@') ? readText(hostKey.slice(1)) : hostKey;
    const key = hostKeyIn(text.trim());
    if (key === undefined)
      throw usage(
        '--host-key is not a host key. It looks like "ssh-ed25519 AAAA…": see ssh_host_ed25519_key.pub of the target.',
      );
    if (fingerprint !== undefined && fingerprintOf(key) !== fingerprint)
      throw mismatch(fingerprint, fingerprintOf(key));
    return key;
  }
  const all = await scanHostKeys(host, port);
  const [shown] = all;
  const seen = fingerprintOf(shown);
  if (fingerprint !== undefined) {
    const compared = all.find((key) => fingerprintOf(key) === fingerprint);
    if (compared === undefined) throw mismatch(fingerprint, seen);
    return compared;
  }
  console.error(`The SSH server at ${host}, port ${port}, shows this host key:`);
  console.error(`  ${shown.split(' ')[0] ?? ''} ${seen}`);
  console.error('Compare it on the target itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
  console.error('(on Windows: ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub).');
  if (await confirm('Is this the key of the target?', `Add --fingerprint ${seen} once you have compared it.`))
    return shown;
  throw new Refusal({ code: 'host-key-not-confirmed', title: 'The host key was not confirmed. Nothing was changed.' });
}

const mismatch = (wanted: string, seen: string) =>
  new Refusal({
    code: 'host-key-changed',
    title: 'The host key does not have the fingerprint that you gave. Nothing was changed.',
    detail: `Wanted ${wanted}, seen ${seen}. Find out why before you continue: another computer may answer at this address.`,
  });
