import { Option, type Command } from 'commander';
import { rolloutDecisionMessage } from '../../domain/rollout-decision.js';
import { reasonDigest } from '../../domain/digest.js';
import { wholeNumber, type Io } from '../io.js';
import { listToSign } from '../rollout/list-to-decide.js';
import { indexesOf, resumeCommand } from '../rollout/resume.js';
import { submitCommands } from '../rollout/submit.js';
import { rolloutCsv } from '../rollout/csv.js';
import { rolloutList, rolloutReport, rolloutText } from '../rollout/text.js';
import { watchRollout } from '../rollout/watch.js';
import { say } from '../say.js';
import { keyOptions, signWith, type KeyOptions } from '../sign-decision.js';
import { confirm, usage } from '../terminal.js';
import { planChanged } from '../approve.js';

const ID = 'id of a rollout';

interface Decided extends KeyOptions {
  readonly reason: string;
  readonly root?: string;
  readonly onFailure?: 'leave' | 'rollback';
}

/** One request for many targets or users. */
export function rolloutCommands(program: Command, io: Io): void {
  const { asJson, client, print } = io;
  const rollout = program.command('rollout').description('the same change for many targets or users, in waves');
  const read = (id: string) => client().get('/v1/rollouts/{id}', { path: { id } });
  submitCommands(rollout, io);
  rollout
    .command('list')
    .description('list rollouts, newest first; without the right to see all jobs, your own')
    .option('--limit <n>', 'maximum number', wholeNumber, 20)
    .action(async (query: { limit: number }) => {
      const found = await client().get('/v1/rollouts', { query });
      print(found, rolloutList(found.items));
    });
  rollout
    .command('show')
    .description('show a rollout with its waves, pauses and what went wrong')
    .argument('<id>', ID)
    .action(async (id: string) => {
      const shown = await read(id);
      print(shown, rolloutText(shown));
    });
  rollout
    .command('watch')
    .description('follow a rollout until it ends')
    .argument('<id>', ID)
    .addHelpText('after', '\nExit code: 0 where every item is in order, 1 otherwise.')
    .action(async (id: string) => {
      const ended = await watchRollout(client(), id, asJson() ? undefined : process.stdout);
      print(ended, rolloutText(ended));
      if (ended.items.some(({ status }) => status !== 'fixed' && status !== 'already-fine')) process.exitCode = 1;
    });
  rollout
    .command('report')
    .description('print each item with its result')
    .argument('<id>', ID)
    .addOption(new Option('--format <format>', 'text or csv').choices(['text', 'csv']).default('text'))
    .action(async (id: string, { format }: { format: string }) => {
      const shown = await read(id);
      if (format === 'text') return print(shown, rolloutReport(shown));
      say(rolloutCsv(shown));
    });
  for (const decision of ['approve', 'reject'] as const) {
    const command = rollout
      .command(decision)
      .description(
        decision === 'approve' ? 'approve the plans that are shown; never your own request' : 'reject a rollout',
      )
      .argument('<id>', ID)
      .requiredOption('--reason <text>', 'why; it is kept in the audit log')
      .addOption(
        new Option('--on-failure <what>', 'what happens to the earlier changes of an item when one fails').choices([
          'leave',
          'rollback',
        ]),
      )
      .option('--root <root>', 'decide without a question, if the list still has this root: that of the list you read')
      .action(async (id: string, options: Decided) => {
        const shown = await read(id);
        const { text, root, count, request } = await listToSign(client(), shown);
        if (count === 0)
          throw usage(
            `No item waits for a decision. Follow the plans: fixpoint rollout watch ${id}. To end it: fixpoint rollout abort ${id}.`,
          );
        if (!asJson()) say(`${rolloutText(shown)}\n\n${text}\n`);
        if (options.root !== undefined && options.root !== root) throw planChanged(root);
        const asked = `${decision === 'approve' ? 'Approve' : 'Reject'} these ${count} plans?`;
        if (options.root === undefined && !(await confirm(asked, `Add --root ${root} once you have read the list.`)))
          return print({ decided: false }, 'Nothing was decided.');
        const { reason, onFailure } = options;
        const facts = {
          ...{ rollout: id, request, root, count, decision, executeBy: null, onFailure: onFailure ?? null },
          reasonDigest: reasonDigest(reason, shown.salt),
        };
        const proof = await signWith(options, (once) => rolloutDecisionMessage(facts, once));
        const body = { decision, root, reason, ...(onFailure ? { onFailure } : {}), ...(proof ? { proof } : {}) };
        const after = await client().post('/v1/rollouts/{id}/decision', { path: { id }, body });
        print(after, rolloutText(after));
      });
    keyOptions(command);
  }
  for (const kind of ['pause', 'abort'] as const)
    rollout
      .command(kind)
      .description(kind === 'pause' ? 'start nothing more; what runs is finished' : 'start nothing more, for good')
      .argument('<id>', ID)
      .requiredOption('--reason <text>', 'why; everybody sees it')
      .action(async (id: string, { reason }: { reason: string }) => {
        const after = await client().post(`/v1/rollouts/{id}/${kind}`, { path: { id }, body: { reason } });
        print(after, rolloutText(after));
      });
  rollout
    .command('exclude')
    .description('take items out that were not started')
    .argument('<id>', ID)
    .argument('<items...>', 'names of targets, or numbers of items')
    .requiredOption('--reason <text>', 'why; everybody sees it')
    .action(async (id: string, words: string[], { reason }: { reason: string }) => {
      const items = [...indexesOf(await read(id), words)];
      const after = await client().post('/v1/rollouts/{id}/exclude', { path: { id }, body: { items, reason } });
      print(after, rolloutText(after));
    });
  resumeCommand(rollout, io);
}
