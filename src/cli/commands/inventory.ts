import type { Command } from 'commander';
import { parseObject, type Io } from '../io.js';
import { table, visible } from '../print.js';

/** Targets, consents, the freeze. */
export function inventoryCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const target = program.command('target').description('the inventory of targets');
  target
    .command('add')
    .description('add a target')
    .argument('<json>', 'a target as a JSON object')
    .action(async (json: string) => {
      const added = await client().send<{ id: string; name: string }>('POST', '/v1/targets', parseObject(json));
      print(added, `${added.name} is in the inventory: ${added.id}`);
    });
  target
    .command('list')
    .description('list the targets')
    .action(async () => {
      const page = await client().get<{
        items: readonly { id: string; name: string; kind: string; tier: number; transport: { type: string } }[];
      }>('/v1/targets?limit=200');
      const rows = page.items.map(({ id, name, kind, tier, transport }) => [
        name,
        kind,
        transport.type,
        String(tier),
        id,
      ]);
      print(page, table([['TARGET', 'KIND', 'BY', 'TIER', 'ID'], ...rows]));
    });

  const consent = program.command('consent').description('what users agreed to');
  consent
    .command('add')
    .description('record a consent with your name; approvers see it')
    .argument('<kind>', 'close-client, close-office, rsa-keys, protected-keys or log-collection')
    .argument('<subjectSid>', 'SID of the user')
    .argument('<evidence>', 'how the user agreed')
    .action(async (kind: string, subjectSid: string, evidence: string) => {
      const added = await client().send<{ id: string }>('POST', '/v1/consents', { kind, subjectSid, evidence });
      print(added, `Recorded: ${added.id}`);
    });
  consent
    .command('list')
    .description('list recorded consents')
    .action(async () => {
      const page = await client().get<{
        items: readonly { kind: string; subjectSid: string; evidence: string; recordedBy: { name: string } }[];
      }>('/v1/consents');
      print(
        page,
        table([
          ['KIND', 'SUBJECT', 'BY', 'EVIDENCE'],
          ...page.items.map((c) => [c.kind, c.subjectSid, c.recordedBy.name, visible(c.evidence)]),
        ]),
      );
    });

  const freeze = program.command('freeze').description('stop all new planning and claims');
  interface Frozen {
    readonly frozen: boolean;
    readonly by?: string;
    readonly reason?: string;
  }
  const frozenText = (state: Frozen) => (state.frozen ? `Frozen by ${state.by}: ${state.reason}` : 'Not frozen.');
  const showFreeze = (state: Frozen) => print(state, frozenText(state));
  freeze
    .command('on')
    .description('freeze; changes in progress complete')
    .requiredOption('--reason <text>', 'why; everybody sees it')
    .action(async ({ reason }: { reason: string }) =>
      showFreeze(await client().send('POST', '/v1/freeze', { reason })),
    );
  freeze
    .command('off')
    .description('resume')
    .action(async () => showFreeze(await client().send('DELETE', '/v1/freeze')));
  freeze
    .command('show')
    .description('show whether work is frozen, by whom and why')
    .action(async () => showFreeze(await client().get('/v1/freeze')));
}
