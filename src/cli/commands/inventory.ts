import { Argument, type Command } from 'commander';
import { CONSENT_KINDS, type ConsentKind } from '../../domain/consent.js';
import type { Frozen } from '../api/types.js';
import type { Io } from '../io.js';
import { named, table, visible } from '../print.js';

/** Consents and the freeze. */
export function inventoryCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const consent = program.command('consent').description('what users agreed to');
  consent
    .command('add')
    .description('record a consent with your name; approvers see it')
    .addArgument(new Argument('<kind>', 'what the user agreed to').choices(CONSENT_KINDS))
    .argument('<subjectSid>', 'SID of the user')
    .argument('<evidence>', 'how the user agreed')
    .action(async (kind: ConsentKind, subjectSid: string, evidence: string) => {
      const added = await client().post('/v1/consents', { body: { kind, subjectSid, evidence } });
      print(added, `Recorded: ${added.id}`);
    });
  consent
    .command('list')
    .description('list recorded consents')
    .action(async () => {
      const page = await client().get('/v1/consents');
      print(
        page,
        table([
          ['KIND', 'SUBJECT', 'BY', 'EVIDENCE'],
          ...page.items.map((c) => [c.kind, c.subjectSid, named(c.recordedBy), visible(c.evidence)]),
        ]),
      );
    });

  const freeze = program.command('freeze').description('stop all new planning and claims');
  const frozenText = (state: Frozen) =>
    state.frozen ? `Frozen by ${visible(state.by ?? '')}: ${visible(state.reason ?? '')}` : 'Not frozen.';
  const showFreeze = (state: Frozen) => print(state, frozenText(state));
  freeze
    .command('on')
    .description('freeze; changes in progress complete')
    .requiredOption('--reason <text>', 'why; everybody sees it')
    .action(async ({ reason }: { reason: string }) =>
      showFreeze(await client().post('/v1/freeze', { body: { reason } })),
    );
  freeze
    .command('off')
    .description('resume')
    .action(async () => showFreeze(await client().delete('/v1/freeze')));
  freeze
    .command('show')
    .description('show whether work is frozen, by whom and why')
    .action(async () => showFreeze(await client().get('/v1/freeze')));
}
