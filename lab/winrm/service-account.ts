import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Domain } from '../domain/index.js';
import { run } from '../run.js';

/**
 * Makes an account of a machine in the domain with names of services, and a file with its Kerberos keys (AES).
 * @param spns such as `host/web1.contoso.test`
 */
export async function makeServiceAccount(
  domain: Pick<Domain, 'directory' | 'smbConf'>,
  name: string,
  spns: readonly string[],
  keytab: string,
): Promise<void> {
  const local = ['-s', domain.smbConf];
  const secret = () => `Aa1!${randomBytes(12).toString('hex')}`;
  const database = join(domain.directory, 'private', 'sam.ldb');
  await run('samba-tool', ['user', 'create', name, secret(), ...local]);
  for (const spn of spns) await run('samba-tool', ['spn', 'add', spn, name, ...local]);
  const [, dn = ''] =
    /^dn: (.*)$/m.exec(await run('ldbsearch', ['-H', database, `(sAMAccountName=${name})`, 'dn'])) ?? [];
  const path = join(domain.directory, `${name}.ldif`);
  // AES-128 and AES-256; the keys are made anew with the password alone.
  await writeFile(
    path,
    `dn: ${dn}\nchangetype: modify\nreplace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: 24\n`,
  );
  await run('ldbmodify', ['-H', database, path]);
  await run('samba-tool', ['user', 'setpassword', name, `--newpassword=${secret()}`, ...local]);
  for (const spn of spns) await run('samba-tool', ['domain', 'exportkeytab', keytab, `--principal=${spn}`, ...local]);
  await chmod(keytab, 0o600);
}
