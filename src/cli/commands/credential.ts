import type { Command } from 'commander';
import type { CredentialEntry } from '../../installation/credentials.js';
import { Refusal } from '../api/refusal.js';
import { collect, type Io } from '../io.js';
import { table, visible } from '../print.js';
import { usage } from '../terminal.js';
import { addCredentialCommand } from './credential-add.js';
import { endsOfEntry, pathOf } from './credential-words.js';

interface Allowing {
  readonly simpleBind?: boolean;
  readonly kdc: readonly string[];
  readonly host: readonly string[];
  readonly authority: readonly string[];
}

const load = () => import('../../installation/credentials.js');
const loadInventory = () => import('../../installation/inventory.js');
const entryNotFound = (name: string, known: readonly string[]) =>
  new Refusal({
    code: 'credential-not-found',
    title: `There is no credential ${name}.`,
    detail: known.length === 0 ? 'There are none.' : `There are: ${known.join(', ')}.`,
  });

/** The credentials file of this machine: names, what each may be used for, and where its secret is. */
export function credentialCommands(program: Command, io: Io): void {
  const { print } = io;
  const credential = program.command('credential').description('the credentials file of this installation');
  addCredentialCommand(credential, io);
  credential
    .command('allow')
    .description('let a credential be used on more targets')
    .argument('<name>', 'a credential')
    .argument('<targets...>', 'names of targets')
    .option('--simple-bind', 'let its password be sent to the directory servers of its targets')
    .option('--host <host>', 'a host with which it may be used, too; default those of the targets', collect, [])
    .option('--authority <fingerprint>', 'an authority or host key with which it may be used, too', collect, [])
    .option('--kdc <host>', 'a KDC of its realm, such as a domain controller; repeat it for more', collect, [])
    .action(async (name: string, targets: readonly string[], { simpleBind, kdc, host, authority }: Allowing) => {
      const { changeCredentials, readCredentials, withEnds } = await load();
      const { credentials } = await readCredentials();
      const old = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
      if (!old) throw entryNotFound(name, Object.keys(credentials));
      if (simpleBind === true && old.userName === undefined)
        throw usage(`--simple-bind is for passwords: ${name} is none.`);
      if (kdc.length > 0 && old.principal === undefined) throw usage(`--kdc is for Kerberos: ${name} is not.`);
      const all = [...new Set([...old.targets, ...targets])];
      const inventory = await (await loadInventory()).knownTargets();
      const kdcs = kdc.length > 0 ? { kdcs: [...new Set([...(old.kdcs ?? []), ...kdc])] } : {};
      const allowed = { ...old, ...(simpleBind === true ? { simpleBind } : {}), ...kdcs, targets: all };
      const entry = withMore(withEnds(allowed, inventory ?? [], targets), host, authority);
      await changeCredentials((known) => ({ ...known, [name]: entry }));
      const unknown = inventory ? targets.filter((one) => !inventory.some((target) => target.name === one)) : [];
      print(
        { name, ...entry, unknown },
        [
          `${name} may be used on ${all.join(', ')}.`,
          ...endsOfEntry(entry),
          ...unknown.map((one) => `Note: the inventory has no target ${one} yet. Check the name.`),
        ].join('\n'),
      );
    });
  credential
    .command('list')
    .description('list the credentials; secrets are never shown')
    .action(async () => {
      const { credentials } = await (await load()).readCredentials();
      const rows = Object.entries(credentials).map(([name, entry]) => [
        name,
        kindOf(entry),
        entry.use.join(', '),
        entry.tiers.join(', '),
        entry.targets.join(', '),
        entry.hosts?.join(', ') ?? 'any',
        entry.authorities?.map(shortFingerprint).join(', ') ?? (entry.principal === undefined ? 'any' : 'Kerberos'),
      ]);
      print(credentials, table([['NAME', 'WHAT', 'USE', 'TIERS', 'TARGETS', 'HOSTS', 'AUTHORITIES'], ...rows]));
    });
  credential
    .command('check')
    .description(
      'check that secrets can be read on this machine, that ssh can load keys, and that no other user can read them',
    )
    .argument('[name]', 'one credential; without it, all')
    .action(async (name: string | undefined) => {
      const { credentialProblem, readCredentials } = await load();
      const { credentials } = await readCredentials();
      const names = name === undefined ? Object.keys(credentials) : [name];
      const found: { readonly name: string; readonly path: string | null; readonly problem: string | null }[] = [];
      for (const one of names) {
        const entry = Object.hasOwn(credentials, one) ? credentials[one] : undefined;
        if (!entry) throw entryNotFound(one, Object.keys(credentials));
        const problem = (await credentialProblem(one, entry)) ?? null;
        found.push({ name: one, path: pathOf(entry) ?? null, problem });
      }
      const lines = found.map(({ name: one, path, problem }) => {
        const where = path === null ? '' : ` (${path})`;
        return `${one}: ${problem === null ? 'can be used' : `cannot be used: ${problem}`}${where}`;
      });
      print(found, lines.length === 0 ? 'There are no credentials.' : lines.join('\n'));
      process.exitCode = found.every(({ problem }) => problem === null) ? 0 : 1;
    });
  credential
    .command('remove')
    .description('remove a credential from the file; the file of its secret stays')
    .argument('<name>', 'a credential')
    .action(async (name: string) => {
      const { changeCredentials, readCredentials } = await load();
      const { credentials } = await readCredentials();
      const entry = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
      if (!entry) throw entryNotFound(name, Object.keys(credentials));
      await changeCredentials((known) => Object.fromEntries(Object.entries(known).filter(([one]) => one !== name)));
      const users = ((await (await loadInventory()).knownTargets()) ?? [])
        .filter(({ credentials: { detect, apply } }) => detect === name || apply === name)
        .map((target) => target.name);
      print(
        { removed: name, reference: entry.reference, targets: users },
        [
          `${name} was removed. Its secret is still at ${pathOf(entry) ?? entry.reference}.`,
          ...(users.length === 0
            ? []
            : [`These targets still name it, and their next job is blocked: ${users.join(', ')}.`]),
        ].join('\n'),
      );
    });
}

/** The entry with these hosts and authorities among those that it names. */
function withMore(entry: CredentialEntry, host: readonly string[], authority: readonly string[]): CredentialEntry {
  const together = (known: readonly string[] = [], more: readonly string[]) => [...new Set([...known, ...more])];
  return {
    ...entry,
    ...(host.length > 0 ? { hosts: together(entry.hosts, host) } : {}),
    ...(authority.length > 0 ? { authorities: together(entry.authorities, authority) } : {}),
  };
}

function kindOf({ principal, userName, certificate, simpleBind, ntlm, basic }: CredentialEntry): string {
  if (principal !== undefined) return `Kerberos, ${visible(principal)}`;
  if (certificate !== undefined) return 'certificate';
  if (userName === undefined) return 'SSH key';
  const how = Object.entries({ 'simple bind': simpleBind, NTLM: ntlm, Basic: basic });
  return [`password of ${visible(userName)}`, ...how.filter(([, may]) => may === true).map(([name]) => name)].join(
    ', ',
  );
}

const shortFingerprint = (fingerprint: string): string => `${fingerprint.slice(0, 14)}…`;
