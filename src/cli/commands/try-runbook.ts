import type { Command } from 'commander';
import type { ValueObject } from '../../domain/canonical.js';
import { meaningOf } from '../../domain/codes/lookup.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { Target } from '../../domain/target.js';
import type { Tried, TryFailure } from '../../processes/authoring.js';
import { Refusal } from '../api/refusal.js';
import type { Io } from '../io.js';
import { readParameters } from '../parameters.js';
import { changeLine } from '../job-text.js';
import { count } from '../../platform/count.js';
import { visible } from '../print.js';
import { usage } from '../terminal.js';

const HELP = `
Detect and Plan run once: Detect on the target with the credential that the target names for reading, Plan on this
machine. No job is made, nothing is stored, nothing is approved and Apply never runs. Detect is code of the runbook and
runs with that credential: read it first.
It is for an administrator on the machine of the installation, because it reads the credentials file of the home.
Values that the worker supplies are those of a first job: no consents, no earlier steps. To try others, give them in a
JSON object beside the parameters: '{"previousSteps":[]}'.`;

/** `runbook try`: what a runbook would do to a target. */
export function tryCommand(runbook: Command, io: Io): void {
  runbook
    .command('try')
    .description(
      'run Detect and Plan of a folder on a target, and show state and changes; nothing is stored or applied',
    )
    .argument('<folder>', 'folder of a runbook; it need not be in the catalogue')
    .argument('<target>', 'name or id of a target')
    .argument('[parameters...]', 'name=value, a JSON object, @file, or - for standard input')
    .addHelpText('after', HELP)
    .action(async (folder: string, id: string, words: string[]) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { loadNamed, tryLoaded, withEngine } = await import('../../processes/authoring.js');
      const settings = settingsOrExit();
      const { roles } = await io.client().get('/v1/me');
      if (!roles.includes('admin'))
        throw new Refusal({ code: 'not-allowed', title: 'Only an administrator tries a runbook on a target.' });
      const target = (await io.client().get('/v1/targets/{id}', { path: { id } })) as Target;
      await withEngine(settings.config, async (host) => {
        const loaded = await loadNamed(settings.config, host, [folder]);
        const [{ bundle } = {}] = loaded;
        if (loaded.length !== 1 || !bundle)
          throw usage(`${folder} is not a runbook that can be loaded: run fixpoint runbook check ${folder}`);
        const parameters = (await readParameters(words, bundle.manifest.parameters)) as ValueObject;
        const say = (line: string) => console.error(visible(line));
        const tried = await tryLoaded(settings, host, { bundle, target, parameters }, say);
        if (!tried.ok) throw refusalOf(tried.error, bundle, target);
        io.print(tried.value, linesOf(tried.value, bundle, target));
      });
    });
}

function linesOf({ finding, state, changes, locks }: Tried, { manifest }: RunbookBundle, target: Target): string {
  const text = JSON.stringify(state, null, 2).split('\n').map(visible);
  return [
    `${manifest.id} on ${target.name}: the finding is ${finding}.`,
    'State:',
    ...text.map((line) => `  ${line}`),
    `Locks: ${locks.map(visible).join(', ') || 'none'}`,
    changes.length === 0 ? 'Plan lists no change.' : `Plan lists ${count(changes.length, 'change')}:`,
    ...changes.map((change) => changeLine(change)),
    'Nothing was stored or changed.',
  ].join('\n');
}

function refusalOf(failure: TryFailure, { manifest }: RunbookBundle, target: Target): Refusal {
  switch (failure.kind) {
    case 'other-kind': {
      const title = `${manifest.id} runs on ${failure.kinds.join(', ')}; ${target.name} is of kind ${target.kind}.`;
      return new Refusal({ code: 'not-applicable', title });
    }
    case 'parameters': {
      const errors = failure.problems.map((one) => ({ ...one }));
      return new Refusal({ code: 'invalid-parameters', title: 'The parameters do not fit the runbook.', errors });
    }
    case 'ended': {
      const { code, reason } = failure;
      const detail = meaningOf(code, manifest.codes);
      return new Refusal({
        code,
        title: `Detect or Plan ended with ${visible(reason)}`,
        ...(detail ? { detail } : {}),
      });
    }
  }
}
