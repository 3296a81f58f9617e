import type { Command } from 'commander';
import { show, signed, tell, type Said } from '../admission/ask.js';
import { runbookContent } from '../admission/content.js';
import { requestCommands } from '../admission/request-commands.js';
import type { Io } from '../io.js';
import { visible } from '../print.js';
import { keyOptions } from '../sign-decision.js';
import { usage } from '../terminal.js';

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
      const asked = await show(io, id, await runbookContent(client(), id, files), digest, 'Ask for it?');
      if (!asked) return print({ asked: false }, 'Nothing was asked for.');
      const proof = await signed({ kind: 'admit', about: id, contentDigest, decision: 'request', reason }, options);
      tell(io, await client().post('/v1/admissions', { body: { kind: 'admit', files: [...files], reason, ...proof } }));
    });
  keyOptions(admit);
  requestCommands(runbook, io, 'runbook');
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
        const proof = await signed({ kind, about: id, contentDigest: version, decision: 'request', reason }, options);
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
      const facts = { kind: 'revoke', about: id, contentDigest } as const;
      const proof = await signed({ ...facts, decision: 'request', reason }, options);
      const body = { kind: 'revoke', runbook: id, contentDigest, reason, ...proof } as const;
      tell(io, await client().post('/v1/admissions', { body }));
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
