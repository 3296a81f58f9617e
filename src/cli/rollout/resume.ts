import type { Command } from 'commander';
import { reasonDigest } from '../../domain/digest.js';
import { resumeMessage } from '../../domain/rollout-decision.js';
import type { RolloutDetail } from '../api/types.js';
import { visibleLines } from '../print.js';
import type { Io } from '../io.js';
import { say } from '../say.js';
import { keyOptions, signWith, type KeyOptions } from '../sign-decision.js';
import { confirm, usage } from '../terminal.js';
import { resumeText } from './resume-text.js';
import { rolloutText } from './text.js';

interface Resumed extends KeyOptions {
  readonly reason: string;
  readonly without?: string;
  readonly yes?: boolean;
}

/** `rollout resume`: shows each pause that ends, asks, and signs exactly those. */
export function resumeCommand(rollout: Command, { asJson, client, print }: Io): void {
  const command = rollout
    .command('resume')
    .description('end the pauses that are shown; those that Fixpoint made take as many approvers as the list')
    .argument('<id>', 'id of a rollout')
    .requiredOption('--reason <text>', 'why; it is kept in the audit log')
    .option('--without <items>', 'targets or numbers of items, with commas between: left out, and not counted any more')
    .option('--yes', 'do not ask')
    .action(async (id: string, options: Resumed) => {
      const shown = await client().get('/v1/rollouts/{id}', { path: { id } });
      if (shown.grant === null) throw usage('The rollout was not approved: there is nothing to resume.');
      const pauses = shown.stops.filter(({ kind, ended }) => kind === 'pause' && !ended);
      if (pauses.length === 0) throw usage('The rollout is not paused: there is nothing to resume.');
      const exclude = indexesOf(shown, options.without?.split(',').map((word) => word.trim()) ?? []);
      const text = resumeText(shown, pauses, exclude);
      if (!asJson()) say(`${text}\n`);
      // What is printed is JSON then: the person reads what they sign in the question.
      const asked = `${asJson() ? `${visibleLines(text)}\n` : ''}End ${pauses.length === 1 ? 'this pause' : `these ${pauses.length} pauses`}?`;
      if (options.yes !== true && !(await confirm(asked, 'Add --yes to end what was shown.')))
        return print({ resumed: false }, 'Nothing was decided.');
      const { reason } = options;
      const ends = pauses.map((pause) => pause.id);
      const facts = { rollout: id, grant: shown.grant, ends, exclude, reasonDigest: reasonDigest(reason, shown.salt) };
      const proof = await signWith(options, (once) => resumeMessage(facts, once));
      const body = { ends, exclude: [...exclude], reason, ...(proof ? { proof } : {}) };
      const after = await client().post('/v1/rollouts/{id}/resume', { path: { id }, body });
      print(after, rolloutText(after));
    });
  keyOptions(command);
}

/** The items that a person names, each once, by their numbers. @throws CommanderError (usage) for a name that none or several have */
export function indexesOf({ items }: Pick<RolloutDetail, 'items'>, words: readonly string[]): readonly number[] {
  const named = words.map((word) => {
    const found = items.filter(({ index, target }) => target === word || String(index) === word);
    const [one, another] = found;
    if (!one || another) throw usage(`${found.length === 0 ? 'No item is' : 'More than one item is'} called ${word}.`);
    return one.index;
  });
  return [...new Set(named)].sort((a, b) => a - b);
}
