import type { Command } from 'commander';
import { CODES, isCode, type Code } from '../../domain/codes/index.js';
import { confirmationMessage, keyClaimMessage, kidOf, type KeyClaim } from '../../domain/person-key.js';
import { utcText } from '../../domain/time.js';
import type { Client } from '../api/client.js';
import { Refusal } from '../api/refusal.js';
import type { PersonKey } from '../api/types.js';
import type { Io } from '../io.js';
import { defaultKeyFile, makeOwnKey, openOwnKey } from '../own-key.js';
import { named, table, visible } from '../print.js';
import { say } from '../say.js';
import { confirm } from '../terminal.js';

const KEY_ID = 'id of a key: fixpoint key list';
const PASSPHRASE = 'file (mode 0600) with the passphrase, where nobody can be asked';

interface Files {
  readonly key?: string;
  readonly passphraseFile?: string;
}

/** Keys with which persons sign their decisions. */
export function keyCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const key = program.command('key').description('your own key, with which you sign decisions');
  const withKey = (command: Command) =>
    command
      .option('--key <file>', 'your key; default key.pem in the folder fixpoint of $XDG_CONFIG_HOME or ~/.config')
      .option('--passphrase-file <file>', PASSPHRASE);
  const show = (one: PersonKey, text: string) => print(one, text);
  key
    .command('new')
    .description('make a key on this machine, encrypted with a passphrase; no key is overwritten')
    .option('--out <file>', 'where; default key.pem in the folder fixpoint of $XDG_CONFIG_HOME or ~/.config')
    .option('--passphrase-file <file>', PASSPHRASE)
    .action(async ({ out = defaultKeyFile(), passphraseFile }: { out?: string; passphraseFile?: string }) => {
      const { kid, publicKey } = await makeOwnKey(out, passphraseFile);
      const next = `fixpoint key add${out === defaultKeyFile() ? '' : ` --key ${out}`}`;
      print({ file: out, kid, publicKey }, `${visible(out)}: key ${kid}\nAsk for its registration: ${visible(next)}`);
    });
  withKey(key.command('add').description('ask for the registration of your key; another person confirms it')).action(
    async ({ key: file = defaultKeyFile(), passphraseFile }: Files) => {
      const me = await client().get('/v1/me');
      const { kid, publicKey, sign } = await openOwnKey(file, passphraseFile);
      const at = utcText(new Date());
      const signature = sign(keyClaimMessage({ person: me.id, kid, publicKey, at }));
      const made = await client().post('/v1/keys', { body: { publicKey, at, signature } });
      show(
        made,
        `Key ${kid} of ${visible(me.name)}: ${made.status}\nRead the key to an administrator, who runs: fixpoint key confirm ${made.id}`,
      );
    },
  );
  key
    .command('list')
    .description('list keys, newest first: your own, or all with the role admin')
    .action(async () => {
      const keys = await everyKey(client());
      const by = ({ confirmedBy }: PersonKey) =>
        confirmedBy === undefined ? '' : confirmedBy === null ? 'the server' : named(confirmedBy);
      const rows = keys.map((one) => [one.id, named(one.person), one.kid, one.status, by(one)]);
      print({ items: keys }, table([['ID', 'PERSON', 'KEY', 'STATUS', 'CONFIRMED BY'], ...rows]));
    });
  withKey(key.command('confirm').description("confirm another person's key, signed with your own"))
    .argument('<id>', KEY_ID)
    .option('--kid <kid>', 'confirm without asking, if the key is this one: as its owner read it to you')
    .option(
      '--first',
      'the first key of the installation, on the server, with the private grant key in place of your own',
    )
    .action(async (id: string, options: Files & { kid?: string; first?: true }) => {
      if (options.first) return show(...(await confirmFirst(id, options.kid)));
      const me = await client().get('/v1/me');
      const asked = (await everyKey(client())).find((one) => one.id === id);
      if (!asked) throw refused('key-not-found');
      if (asked.person.id === me.id) throw refused('own-key');
      await compare({ ...asked, person: asked.person.id }, named(asked.person), options.kid);
      const { kid, sign } = await openOwnKey(options.key ?? defaultKeyFile(), options.passphraseFile);
      const at = utcText(new Date());
      const said = { key: id, person: asked.person.id, kid: asked.kid, publicKey: asked.publicKey, by: me.id, at };
      const body = { kid, at, signature: sign(confirmationMessage(said)) };
      const made = await client().post('/v1/keys/{id}/confirm', { path: { id }, body });
      show(made, stateText(made));
    });
  key
    .command('revoke')
    .description('revoke a key at once and for ever: your own, or any with the role admin')
    .argument('<id>', KEY_ID)
    .action(async (id: string) => {
      const revoked = await client().post('/v1/keys/{id}/revoke', { path: { id } });
      show(revoked, stateText(revoked));
    });
}

const stateText = ({ kid, person, status }: PersonKey) =>
  `Key ${kid} of ${named(person)}: ${status}${status === 'confirmed' ? '; authority has not judged it yet' : ''}`;

/** All keys that this person may see. */
async function everyKey(client: Client): Promise<readonly PersonKey[]> {
  const keys: PersonKey[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.get('/v1/keys', {
      query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) },
    });
    keys.push(...page.items);
    if (page.next === null) return keys;
    cursor = page.next;
  }
}

/** Somebody compares what is confirmed with what its owner says. @throws Refusal when it is another key or nobody confirms it */
async function compare({ kid, publicKey }: Omit<KeyClaim, 'at'>, name: string, expected: string | undefined) {
  // What is confirmed is the key itself, whatever the server calls it.
  const real = kidOf(publicKey);
  if (real !== kid || (expected !== undefined && expected !== kid))
    throw refused('signature-invalid', `It is ${real}.`);
  if (expected !== undefined) return;
  say(`Key ${kid} of ${name}`);
  const otherwise = `Add --kid ${kid} once its owner has read the same to you.`;
  if (!(await confirm('Did its owner read the same to you?', otherwise))) throw refused('not-confirmed');
}

/** On the server, without the API: what counts is that this user can read the private grant key. */
async function confirmFirst(id: string, expected: string | undefined): Promise<[PersonKey, string]> {
  const { confirmFirstKey, grantKeyFile, keyRequest } = await import('../../installation/first-key.js');
  const { readPeople } = await import('../../installation/people.js');
  const { authorityDatabaseUrl } = await import('../../installation/database-url.js');
  const url = authorityDatabaseUrl();
  const asked = await keyRequest(url, id);
  if (!asked) throw refused('key-not-found');
  const person = { id: asked.person, name: readPeople().find((one) => one.id === asked.person)?.name ?? asked.person };
  await compare(asked, named(person), expected);
  const entry = await confirmFirstKey(url, grantKeyFile(), asked);
  if (!entry) throw refused('key-not-pending');
  const { status, code = '' } = entry.request;
  if (status === 'refused') throw refused(isCode(code) ? code : 'signature-invalid');
  const { kid, publicKey } = asked;
  const shown = {
    ...{ id, person, kid, publicKey, confirmedBy: null },
    status: status === 'registered' ? 'registered' : 'confirmed',
    requestedAt: utcText(entry.request.requestedAt),
  } as const;
  return [shown, stateText(shown)];
}

const refused = (code: Code, detail: string = CODES[code].next.en): Refusal =>
  new Refusal({ code, title: CODES[code].en, detail });
