import type { Command } from 'commander';
import { askForTargets, changeOf, orAsk, type Asking } from '../admission/ask-for-targets.js';
import { askingOptions, split } from '../admission/asking-options.js';
import { Refusal } from '../api/refusal.js';
import { Unchecked } from '../api/types.js';
import { parseObject, type Io } from '../io.js';
import { count } from '../../platform/count.js';
import { atLines, targetsIn } from '../target-file.js';
import { needEditor, needNewName, noteUnknownCredentials } from '../target-checks.js';
import { addTargetOptions, membersOf, type TargetOptions } from '../target-options.js';
import { readStdin, readText, usage } from '../terminal.js';

const IMPORT_HELP = `
CSV: a comma stands between the columns, and the first line names them. Each row is a machine.
  name, kind, host                  required
  transport                         ssh where it is empty, or winrm
  user, hostKey                     required for ssh
  auth                              for winrm: kerberos where it is empty
  ca                                for winrm: fingerprint (SHA-256 in hex) of the authority of its certificate; without it no TLS
  spn, configuration                for winrm
  port                              22 for ssh, 5985 for winrm, 5986 with TLS where it is empty
  credential                        for reading and changing; or detect and apply for each
  tier                              2 where it is empty
  site                              main where it is empty
  tags                              with blanks or semicolons between them
JSON: a list of targets as the API takes them, or an object with the list "targets"; targets of every kind.
A target that the inventory has already is refused: change it with target edit.`;

/** Adding one target, or those of a file. */
export function addCommand(target: Command, io: Io): void {
  const { client, print } = io;
  addTargetOptions(
    askingOptions(
      target
        .command('add')
        .description('add a target; its SSH host key is fetched and shown, and you confirm it')
        .argument('<name>', 'its name; or a whole target as a JSON object, @file, or - for standard input'),
    ),
  ).action(async (word: string, all: TargetOptions & Asking) => {
    const { asking, options } = split(all);
    const whole =
      word === '-'
        ? readStdin()
        : word.startsWith('@')
          ? readText(word.slice(1))
          : word.startsWith('{')
            ? word
            : undefined;
    if (whole !== undefined && Object.keys(options).length > 0)
      throw usage('A whole target takes no options: put them into the JSON object.');
    if (whole === undefined) {
      await needEditor(client());
      await needNewName(client(), word);
    }
    const body = whole === undefined ? await newTarget(word, options) : parseObject(whole);
    await orAsk(
      async () => {
        const added = await client().post('/v1/targets', { body: new Unchecked(body) });
        print(added, `${added.name} is in the inventory: ${added.id}`);
        await noteUnknownCredentials(added);
      },
      async () => askForTargets(io, [await changeOf(client(), undefined, body)], asking),
    );
  });
  const importing = target
    .command('import')
    .description('add the targets of a CSV or JSON file: all, or none and every row that is refused is named')
    .argument('<file>', 'a CSV or JSON file, or - for standard input')
    .addHelpText('after', IMPORT_HELP)
    .action(async (path: string, asking: Asking) => {
      const targets = targetsIn(path === '-' ? readStdin() : readText(path), path === '-' ? 'Standard input' : path);
      const body = new Unchecked({ targets: targets.map((one) => one.body) });
      const add = async () => {
        const { items } = await client().post('/v1/targets:import', { body });
        const added = count(items.length, 'target was', 'targets were');
        print({ items }, `${added} added. No target was changed.`);
      };
      const ask = async () => {
        const made = targets.map((one) => changeOf(client(), undefined, one.body as object));
        await askForTargets(io, await Promise.all(made), asking);
      };
      try {
        await orAsk(add, ask);
      } catch (error) {
        throw error instanceof Refusal ? atLines(error, targets) : error;
      }
    });
  askingOptions(importing);
}

async function newTarget(name: string, options: TargetOptions): Promise<Record<string, unknown>> {
  const { ssh, winrm, ldap, ldaps, kind = ldap === undefined && ldaps === undefined ? undefined : 'domain' } = options;
  if ([ssh, winrm, ldap, ldaps].every((one) => one === undefined))
    throw usage(
      'Say how it is reached: --winrm host or --ssh account@host, or --ldap (Kerberos) or --ldaps for a domain.',
    );
  if (kind === undefined) throw usage('Say what it is: --kind pc, --kind server …');
  const members = await membersOf({ ...options, name, kind });
  const { detect, apply } = (members.credentials ?? {}) as { detect?: string; apply?: string };
  if (detect === undefined || apply === undefined)
    throw usage('Name the credential: --credential <name>, or --detect-credential and --apply-credential.');
  return { tier: 2, site: 'main', tags: [], ...members };
}
