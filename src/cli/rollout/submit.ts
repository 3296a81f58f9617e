import type { Command } from 'commander';
import { parseWaves } from '../../domain/rollouts/parse-waves.js';
import { countOption, wholeNumber, type Io } from '../io.js';
import { selectionOf, selectionOptions, typedNumber, type SelectionOptions } from '../selection.js';
import { usage } from '../terminal.js';
import { leftOutLines, rolloutList } from './text.js';

interface Asked {
  readonly reason: string;
  readonly ticket?: string;
  readonly expect?: number;
  readonly waves?: string;
  readonly failed?: number;
  readonly unknown?: number;
  readonly unreached?: number;
  readonly atOnce?: number;
  readonly perSite?: number;
  readonly window?: string;
}

type Selected = Asked & SelectionOptions;

const HELP = `
The list is frozen when it is submitted: what the inventory says later changes nothing of it. Each item is planned, nothing is changed
before an approval. The number of items is typed, or given with --expect.

Waves: canary: 1, then 10% soak 30m, then rest approval

Examples:
  fixpoint rollout submit write-example-file directory=/srv/a names=fixpoint-notice.txt text=new --site taipei --kind server --expect 60 --reason "the new notice"
  fixpoint rollout submit enable-sip-user --table users.csv --expect 40 --reason "INC-1042"`;

const ROLLBACK_HELP = `
Each item that changed something is put back by a job of its own, planned anew and approved by another person. The last wave that began is
rolled back first, one item of it alone. Items that cannot be put back are named with why. An open rollout is aborted first.

Example:
  fixpoint rollout rollback <id> --expect 12 --reason "the new notice is wrong"`;

/** `rollout submit`, `rollout retry` and `rollout rollback`. */
export function submitCommands(rollout: Command, io: Io): void {
  const { client, print } = io;
  const submit = rollout
    .command('submit')
    .description('request the same change for many targets or users, carried out in waves')
    .argument('<runbook>', 'id of a runbook in the catalogue')
    .argument('[parameters...]', 'name=value of every item; what a row of the table says wins')
    .addHelpText('after', HELP)
    .action(async (runbook: string, words: string[], options: Selected) => {
      const { parameters: schema } = await client().get('/v1/runbooks/{id}', { path: { id: runbook } });
      const { parameters, chosen } = await selectionOf(words, options, schema);
      const body = { runbook, parameters, ...chosen, ...(await askedOf(options)) };
      const made = await client().post('/v1/rollouts', { body });
      print(made, rolloutList([made]));
    });
  selectionOptions(submit);
  const retry = rollout
    .command('retry')
    .description('request again what an ended rollout did not do: failed, unknown and unreached; with new plans')
    .argument('<id>', 'id of a rollout of yours that has ended')
    .action(async (id: string, options: Asked) => {
      const { runbook } = await client().get('/v1/rollouts/{id}', { path: { id } });
      const body = { runbook: runbook.id, retryOf: id, ...(await askedOf(options)) };
      const made = await client().post('/v1/rollouts', { body });
      print(made, rolloutList([made]));
    });
  const rollback = rollout
    .command('rollback')
    .description('request that an ended rollout is rolled back in waves: a rollout of its own, with new plans')
    .argument('<id>', 'id of a rollout that has ended')
    .addHelpText('after', ROLLBACK_HELP)
    .action(async (id: string, options: Asked) => {
      const body = await askedOf(options, 'How many items are rolled back? ');
      const made = await client().post('/v1/rollouts/{id}/rollback', { path: { id }, body });
      const shown = await client().get('/v1/rollouts/{id}', { path: { id: made.id } });
      print(shown, [rolloutList([made]), ...leftOutLines(shown)].join('\n'));
    });
  declared(submit, 'such as "canary: 1, then 10%, then rest", the default');
  declared(retry, 'such as "canary: 1, then 10%, then rest"; default those of the rollout');
  declared(rollback, 'such as "canary: 1, then rest"; default those of the rollout, the last one first');
}

function declared(command: Command, waves: string): void {
  command
    .requiredOption('--reason <text>', 'why; approvers see it')
    .option('--ticket <id>', 'a ticket of your own system')
    .option('--expect <n>', 'how many items it must have; without it the command asks', wholeNumber)
    .option('--waves <waves>', waves)
    .option('--failed <n>', 'items that may fail before it pauses; default none', countOption)
    .option('--unknown <n>', 'items whose outcome may be unknown; default as many as may fail', countOption)
    .option('--unreached <n>', 'items that may not be reached; default a tenth', countOption)
    .option('--at-once <n>', 'items that run at once, at most; default 10', wholeNumber)
    .option('--per-site <n>', 'items that run at once at one site, at most; default no limit of its own', wholeNumber)
    .option('--window <duration>', 'how long after its approval items may start; default 8h, at most 72h');
}

async function askedOf(
  { reason, ticket, expect, waves, failed, unknown, unreached, atOnce, perSite, window }: Asked,
  question = 'How many items does it have? ',
) {
  const parsed = waves === undefined ? undefined : parseWaves(waves);
  if (parsed?.ok === false) throw usage(`Not a wave: "${parsed.error}". Write "canary: 1, then 10%, then rest".`);
  const budget = {
    ...(failed === undefined ? {} : { failed }),
    ...(unknown === undefined ? {} : { unknown }),
    ...(unreached === undefined ? {} : { unreached }),
  };
  return {
    ...{ reason, expect: expect ?? (await typedNumber(question)), budget },
    ...(ticket === undefined ? {} : { ticket }),
    ...(parsed?.ok === true ? { waves: parsed.value } : {}),
    ...(atOnce === undefined ? {} : { atOnce }),
    ...(perSite === undefined ? {} : { perSite }),
    ...(window === undefined ? {} : { window }),
  };
}
