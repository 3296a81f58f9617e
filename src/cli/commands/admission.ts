import type { Command } from 'commander';
import { show, signed, tell, type Said } from '../admission/ask.js';
import { runbookContent } from '../admission/content.js';
import type { Files } from '../admission/difference.js';
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
  const { client } = io;
  const admit = runbook
    .command('admit')
    .description('ask that the runbook in a folder may run; another person confirms it')
    .argument('<folder>', 'folder of one runbook')
    .requiredOption('--reason <text>', 'why; who confirms it reads it')
    .option('--digest <digest>', 'ask without a question, if the files have this content digest')
    .addHelpText('after', ADMIT_HELP)
    .action(async (folder: string, options: Said) => {
      const { id, files } = await readFolder(folder);
      await askToAdmit(io, id, files, options);
    });
  keyOptions(admit);
  requestCommands(runbook, io, 'runbook');
  const disable = runbook
    .command('disable')
    .description('stop a runbook at once: nothing of it is planned or run')
    .argument('<id>', 'id of a runbook in the catalogue')
    .requiredOption('--reason <text>', 'why; it is kept in the audit log')
    .action(async (id: string, options: Said) => {
      const { reason } = options;
      const facts = { kind: 'disable', about: id, contentDigest: null, decision: 'request', reason } as const;
      const proof = await signed(facts, options);
      tell(io, await client().post('/v1/admissions', { body: { kind: 'disable', runbook: id, reason, ...proof } }));
    });
  keyOptions(disable);
  const enable = runbook
    .command('enable')
    .description('ask that the current version of a disabled runbook may run again; another person confirms it')
    .argument('<id>', 'id of a runbook in the catalogue')
    .requiredOption('--reason <text>', 'why; who confirms it reads it')
    .option('--digest <digest>', 'ask without a question, if the current version has this content digest')
    .action(async (id: string, options: Said) => {
      const { files } = await client().get('/v1/runbooks/{id}/files', { path: { id } });
      await askToAdmit(io, id, files, options);
    });
  keyOptions(enable);
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

/** Asks that these files may run, after the person saw what differs from the current version. */
async function askToAdmit(io: Io, about: string, files: Files, options: Said): Promise<void> {
  const { reason, digest } = options;
  const content = await runbookContent(io.client(), about, files);
  if (!(await show(io, about, content, digest, 'Ask for it?')))
    return io.print({ asked: false }, 'Nothing was asked for.');
  const { digest: contentDigest, beforeDigest: before } = content;
  const proof = await signed({ kind: 'admit', about, contentDigest, before, decision: 'request', reason }, options);
  const body = { kind: 'admit', files: [...files], before, reason, ...proof } as const;
  tell(io, await io.client().post('/v1/admissions', { body }));
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
  const { files } = loaded.bundle;
  return { id: loaded.id, files: files.map(({ path, text }) => ({ path, text })) };
}
