import { createTwoFilesPatch } from 'diff';
import type { Command } from 'commander';
import { admissionVoteMessage, type AdmissionFacts } from '../../domain/admission-request.js';
import { bundleDigest } from '../../domain/bundle.js';
import { sha256 } from '../../domain/digest.js';
import { Refusal } from '../api/refusal.js';
import type { Client } from '../api/client.js';
import type { Io } from '../io.js';
import { named, table, visible } from '../print.js';
import { say } from '../say.js';
import { keyOptions, signWith, type KeyOptions } from '../sign-decision.js';
import { confirm, usage } from '../terminal.js';

type Files = readonly { readonly path: string; readonly text: string }[];
type Request = Awaited<ReturnType<typeof listRequests>>['items'][number];

/** What every command here is told. */
interface Said extends KeyOptions {
  readonly reason: string;
  readonly digest?: string;
}

async function sign(facts: AdmissionFacts, options: KeyOptions) {
  const proof = await signWith(options, (once) => admissionVoteMessage(facts, once));
  return proof ? { proof } : {};
}

const listRequests = (client: Client) => client.get('/v1/admissions');

const ADMIT_HELP = `
The files go to Fixpoint as they are now. Its authority reads every script and refuses what breaks a rule. Nothing runs before another
person has confirmed it:
  fixpoint runbook confirm REQUEST --reason "..."`;

/** What may run: one person asks for it, another one confirms it. */
export function admissionCommands(runbook: Command, io: Io): void {
  const { client, print } = io;
  const admit = runbook
    .command('admit')
    .description('ask that the runbook in a folder may run; another person confirms it')
    .argument('<folder>', 'folder of one runbook')
    .requiredOption('--reason <text>', 'why; who confirms it reads it')
    .option('--digest <digest>', 'ask without a question, if the files have this content digest')
    .addHelpText('after', ADMIT_HELP)
    .action(async (folder: string, options: Said) => {
      const { reason, digest } = options;
      const { id, contentDigest, files } = await readFolder(folder);
      const asked = await show(io, { id, contentDigest, files }, digest, 'Ask for it?');
      if (!asked) return print({ asked: false }, 'Nothing was asked for.');
      const proof = await sign({ kind: 'admit', runbook: id, contentDigest, decision: 'request', reason }, options);
      tell(io, await client().post('/v1/admissions', { body: { kind: 'admit', files: [...files], reason, ...proof } }));
    });
  keyOptions(admit);
  for (const decision of ['confirm', 'reject'] as const) {
    const command = runbook
      .command(decision)
      .description(
        decision === 'confirm' ? 'confirm what another person asked for' : 'reject what another person asked for',
      )
      .argument('<request>', 'id of the request, or its first characters')
      .requiredOption('--reason <text>', 'why; it is kept in the audit log')
      .action(async (prefix: string, options: Said) => {
        const { reason, digest } = options;
        const path = { id: await findRequest(client(), prefix) };
        const { files, ...request } = await client().get('/v1/admissions/{id}', { path });
        const contentDigest = digestOf(request, files);
        if (decision === 'confirm') {
          const version = { id: request.runbook, contentDigest, files };
          say(requestLines(request));
          const sure = await show(io, version, digest, 'Confirm?');
          if (!sure) return print({ decided: false }, 'Nothing was decided.');
        }
        const { kind, runbook: of } = request;
        const proof = await sign({ kind, runbook: of, contentDigest, decision, reason }, options);
        const body = { decision, reason, contentDigest, ...proof };
        tell(io, await client().post('/v1/admissions/{id}/decision', { path, body }));
      });
    keyOptions(command);
    if (decision === 'confirm')
      command.option('--digest <digest>', 'confirm without a question, if the files have this content digest');
  }
  runbook
    .command('requests')
    .description('list what waits for a second person, and what was judged last')
    .action(async () => {
      const page = await listRequests(client());
      const rows = page.items.map(({ id, status, kind, runbook: of, person, requestedAt }) => [
        ...[id.slice(0, 13), status, kind, visible(of), named(person), requestedAt.slice(0, 16)],
      ]);
      print(page, table([['REQUEST', 'STATUS', 'KIND', 'RUNBOOK', 'BY', 'AT'], ...rows]));
    });
  for (const kind of ['disable', 'enable'] as const) {
    const command = runbook
      .command(kind)
      .description(
        kind === 'disable'
          ? 'stop a runbook at once: nothing of it is planned or run'
          : 'ask that a disabled runbook may run again; another person confirms it',
      )
      .argument('<id>', 'id of a runbook in the catalogue')
      .requiredOption('--reason <text>', 'why; it is kept in the audit log')
      .action(async (id: string, options: Said) => {
        const { reason } = options;
        // Whoever enables reads one version; disabling is for all of them.
        const version =
          kind === 'enable' ? (await client().get('/v1/runbooks/{id}', { path: { id } })).contentDigest : null;
        const proof = await sign({ kind, runbook: id, contentDigest: version, decision: 'request', reason }, options);
        const of = version === null ? {} : { contentDigest: version };
        tell(io, await client().post('/v1/admissions', { body: { kind, runbook: id, ...of, reason, ...proof } }));
      });
    keyOptions(command);
  }
  const revoke = runbook
    .command('revoke')
    .description('revoke the admission of one version, for good')
    .argument('<id>', 'id of a runbook')
    .requiredOption('--digest <digest>', 'content digest of the version')
    .requiredOption('--reason <text>', 'why; it is kept in the audit log')
    .action(async (id: string, options: Said & { digest: string }) => {
      const { digest: contentDigest, reason } = options;
      const facts = { kind: 'revoke', runbook: id, contentDigest } as const;
      const proof = await sign({ ...facts, decision: 'request', reason }, options);
      tell(io, await client().post('/v1/admissions', { body: { ...facts, reason, ...proof } }));
    });
  keyOptions(revoke);
}

/** Reads a folder as the loader does. @throws CommanderError (usage) where it holds no runbook, or one that breaks a rule */
async function readFolder(folder: string) {
  const { settingsOrExit } = await import('../../processes/process.js');
  const { loadNamed, withEngine } = await import('../../processes/authoring.js');
  const { existsSync } = await import('node:fs');
  if (!existsSync(folder)) throw usage(`There is no folder ${folder}.`);
  const { config } = settingsOrExit();
  const [loaded, ...others] = await withEngine(config, (host) => loadNamed(config, host, [folder]));
  if (!loaded || others.length > 0)
    throw usage(`Name the folder of one runbook, which holds a runbook.yaml: ${folder}.`);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (!loaded.bundle)
    throw usage(
      [
        `${folder} breaks a rule. Correct it, then ask again:`,
        ...errors.map(({ file, line, message }) => `  ${visible(`${file}:${line}: ${message}`)}`),
      ].join('\n'),
    );
  const { contentDigest, files } = loaded.bundle;
  return { id: loaded.id, contentDigest, files: files.map(({ path, text }) => ({ path, text })) };
}

/** The digest of the files that were sent, which are what is shown. @throws Refusal where they are not those of the request */
function digestOf({ contentDigest }: Pick<Request, 'contentDigest'>, files: Files): string {
  const computed = bundleDigest({ files: files.map((file) => ({ ...file, sha256: sha256(file.text) })) });
  if (computed === contentDigest) return computed;
  throw new Refusal({
    code: 'version-changed',
    title: 'The server sent other files than those of the request. Nothing was decided.',
  });
}

interface Version {
  readonly id: string;
  readonly contentDigest: string;
  readonly files: Files;
}

/**
 * Shows what differs from the current version, then asks.
 * @param given the digest that a script read before, in place of the question
 */
async function show(io: Io, version: Version, given: string | undefined, question: string) {
  const { id, contentDigest, files } = version;
  const now = await currentFiles(io.client(), id);
  if (!io.asJson())
    say([`runbook  ${visible(id)}`, `digest   ${contentDigest}`, '', ...difference(now, files)].join('\n'));
  if (given !== undefined) {
    if (given === contentDigest) return true;
    throw usage(`The files have the content digest ${contentDigest}. Read them, then name that digest.`);
  }
  return confirm(question, `Add --digest ${contentDigest} once you have read the files.`);
}

async function currentFiles(client: Client, id: string): Promise<Files> {
  try {
    return (await client.get('/v1/runbooks/{id}/files', { path: { id } })).files;
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'runbook-not-found') return [];
    throw error;
  }
}

/** A unified diff, file by file. */
function difference(before: Files, after: Files): readonly string[] {
  const paths = [...new Set([...before, ...after].map(({ path }) => path))].sort();
  const textOf = (files: Files, path: string) => files.find((file) => file.path === path)?.text;
  const patches = paths.flatMap((path) => {
    const [old, now] = [textOf(before, path), textOf(after, path)];
    if (old === now) return [];
    const patch = createTwoFilesPatch(
      path,
      path,
      old ?? '',
      now ?? '',
      old === undefined ? 'new' : '',
      now === undefined ? 'removed' : '',
    );
    return patch
      .split('\n')
      .slice(1)
      .map((line) => visible(line));
  });
  return patches.length > 0 ? patches : ['The files are those of the current version.'];
}

async function findRequest(client: Client, prefix: string): Promise<string> {
  const { items } = await listRequests(client);
  const [found, ...others] = items.filter(({ id }) => id.startsWith(prefix));
  if (found && others.length === 0) return found.id;
  throw usage(found ? `More than one request begins with ${prefix}.` : `No request begins with ${prefix}.`);
}

function requestLines({ id, kind, runbook, person, reason }: Request): string {
  return [
    `request  ${id}`,
    `         ${kind} ${visible(runbook)}`,
    `by       ${named(person)}: ${visible(reason)}`,
  ].join('\n');
}

const NEXT = {
  new: 'authority has not judged it yet. List the requests: fixpoint runbook requests',
  done: 'It is in force.',
} as const;

function tell({ print }: Io, request: Request): void {
  const { id, status, code, detail } = request;
  const waits = `Another person confirms it: fixpoint runbook confirm ${id}`;
  const refused = `It was refused (${code ?? ''}).${detail === undefined ? '' : `\n${visible(detail)}`}`;
  print(
    request,
    `${requestLines(request)}\n${status === 'open' ? waits : status === 'refused' ? refused : NEXT[status]}`,
  );
  if (status === 'refused' && code !== 'rejected') process.exitCode = 1;
}
