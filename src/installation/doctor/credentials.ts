import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { credentialsThere } from '../credentials.js';
import { finding, type Finding } from './finding.js';

/** Where distributions keep the mechanisms of SASL. */
const SASL_FOLDERS = ['/usr/lib64/sasl2', '/usr/lib/sasl2'];
const MECHANISM = 'libgssapiv2.so';

/** What the entries of the credentials file need of this machine, and what they leave open. */
export async function lookAtCredentials(): Promise<readonly Finding[]> {
  const entries = Object.entries((await credentialsThere()) ?? {});
  const open = entries.filter(
    ([, { userName, principal, hosts, authorities }]) =>
      (principal !== undefined && hosts === undefined) ||
      (userName !== undefined && (hosts === undefined || authorities === undefined)),
  );
  const bound = entries.filter(
    ([, { userName, ...how }]) =>
      userName !== undefined && how.simpleBind !== true && how.ntlm !== true && how.basic !== true,
  );
  const kerberos = entries.filter(([, { principal }]) => principal !== undefined).map(([name]) => name);
  const missing = kerberos.length > 0 ? missingPrograms() : [];
  return [
    ...open.map(([name]) => finding('credential-ends-missing', name)),
    ...bound.map(([name]) => finding('credential-simple-bind', name)),
    ...(missing.length > 0
      ? [finding('kerberos-packages-missing', `${missing.join(' and ')}, for ${kerberos.join(', ')}`)]
      : []),
  ];
}

function missingPrograms(): readonly string[] {
  const folders = (process.env.PATH ?? '/usr/bin:/bin').split(':');
  const hasMechanism = saslFolders().some((folder) => existsSync(join(folder, MECHANISM)));
  return [
    ...(['kinit', 'kvno'].every((name) => folders.some((folder) => existsSync(join(folder, name))))
      ? []
      : ['kinit and kvno (krb5-user)']),
    ...(hasMechanism ? [] : ['the GSSAPI mechanism of SASL (libsasl2-modules-gssapi-mit)']),
  ];
}

/** Debian keeps libraries in a folder of the machine's kind below /usr/lib. */
function saslFolders(): readonly string[] {
  try {
    const kinds = readdirSync('/usr/lib').filter((name) => name.includes('-linux-gnu'));
    return [...SASL_FOLDERS, ...kinds.map((kind) => join('/usr/lib', kind, 'sasl2'))];
  } catch {
    return SASL_FOLDERS;
  }
}
