import { directoryOf, type Target, type Transport } from '../../domain/target.js';
import type { CredentialUse } from '../../ports/credentials.js';
import { composeCredentials, composeGate, type Settings } from '../../processes/compose.js';
import { failedBy, ok, type TargetCheck } from './check.js';
import { signsInToDirectory } from './directory.js';
import { testCertificates } from './ldaps.js';
import { listens, resolves, showsKey } from './network.js';
import { signsIn } from './session.js';
import { showsCertificate } from './winrm.js';

export type { TargetCheck };

type Say = (check: TargetCheck) => void;

/**
 * Looks at a target as a worker on this machine reaches it, step by step, and stops at the first step that the next one needs. Nothing
 * is changed there.
 * @param say is called with each step as it is known
 */
export async function testTarget(settings: Settings, target: Target, say: Say): Promise<readonly TargetCheck[]> {
  const checks: TargetCheck[] = [];
  const add = (check: TargetCheck): boolean => {
    checks.push(check);
    say(check);
    return check.state !== 'failed';
  };
  const { transport } = target;
  const directory = directoryOf(transport);
  if (directory) {
    for (const host of directory.servers) if (add(await resolves(host))) add(await listens(host, directory.port));
    if (directory.type === 'ldaps')
      for (const check of await testCertificates(composeCredentials(settings.config), directory)) add(check);
    for (const use of usesOf(target))
      if (add(await secretFor(settings, target, use)))
        for (const check of await withEngine(settings, signsInToDirectory, target, use)) add(check);
  }
  if (transport.type === 'ssh' || transport.type === 'winrm') {
    const { host, port } = transport;
    let reached = add(await resolves(host)) && add(await listens(host, port));
    if (reached) for (const check of await proofs(settings, transport)) reached = add(check) && reached;
    for (const use of usesOf(target)) {
      if (!add(await secretFor(settings, target, use)) || !reached) continue;
      for (const check of await withEngine(settings, signsIn, target, use)) add(check);
    }
  }
  if (transport.type === 'local') add(ok('transport', 'local: the worker itself'));
  return checks;
}

/** How the machine proves itself before anybody signs in; Kerberos does so with the sign-in. */
async function proofs(
  { config }: Settings,
  transport: Extract<Transport, { type: 'ssh' | 'winrm' }>,
): Promise<readonly TargetCheck[]> {
  return transport.type === 'ssh'
    ? [await showsKey(transport.host, transport.port, transport.hostKey)]
    : showsCertificate(composeCredentials(config), transport);
}

/** A credential that is for both is tried once: a wrong password counts towards the lock of the account. */
const usesOf = ({ credentials: { detect, apply } }: Target): readonly CredentialUse[] =>
  detect === apply ? ['apply'] : ['detect', 'apply'];

async function withEngine(
  settings: Settings,
  look: typeof signsIn,
  target: Target,
  use: CredentialUse,
): Promise<readonly TargetCheck[]> {
  const host = composeGate(settings.config);
  try {
    return await look(host, composeCredentials(settings.config), target, use);
  } finally {
    await host.close();
  }
}

async function secretFor(settings: Settings, target: Target, use: CredentialUse): Promise<TargetCheck> {
  const name = target.credentials[use];
  const check = `credential (${use})`;
  const access = await composeCredentials(settings.config).resolve(target, use);
  if (!access.ok) return failedBy(check, access.error.kind, `${name}: ${access.error.why}`);
  if (access.value.kind === 'kerberos') return ok(check, `${name}: the KDC gave ${access.value.principal} a ticket`);
  return ok(check, `${name} may be used and can be read`);
}
