import type { Command } from 'commander';
import { subjectOf } from '../../domain/admission-request.js';
import { isUuid } from '../../domain/uuid.js';
import type { Client } from '../api/client.js';
import type { Io } from '../io.js';
import { named, table, visible } from '../print.js';
import { say } from '../say.js';
import { keyOptions } from '../sign-decision.js';
import { usage } from '../terminal.js';
import { listRequests, requestLines, show, signed, tell, type Said } from './ask.js';
import { contentOf, requestDetail } from './content.js';

type Of = ReturnType<typeof subjectOf>;

/** The commands by which people list, confirm and reject what others asked for about one kind of subject. */
export function requestCommands(parent: Command, io: Io, of: Of): void {
  const { client, print } = io;
  for (const decision of ['confirm', 'reject'] as const) {
    const command = parent
      .command(decision)
      .description(
        decision === 'confirm' ? 'confirm what another person asked for' : 'reject what another person asked for',
      )
      .argument('<request>', 'id of the request, or its first characters')
      .requiredOption('--reason <text>', 'why; it is kept in the audit log')
      .action(async (prefix: string, options: Said) => {
        const { reason, digest } = options;
        const id = await findRequest(client(), prefix, of);
        const request = await requestDetail(client(), id);
        const content = await contentOf(client(), request);
        const { kind, about } = request;
        if (decision === 'confirm') {
          if (!io.asJson()) say(requestLines(request));
          const sure = await show(io, about, content, digest, 'Confirm?');
          if (!sure) return print({ decided: false }, 'Nothing was decided.');
        }
        const contentDigest = content.digest;
        const { beforeDigest = null } = kind === 'admit' ? content : {};
        const facts = { kind, about, contentDigest, before: beforeDigest, decision, reason };
        const proof = await signed(facts, options);
        const body = { decision, reason, contentDigest, ...proof };
        tell(io, await client().post('/v1/admissions/{id}/decision', { path: { id }, body }));
      });
    keyOptions(command);
    if (decision === 'confirm')
      command.option('--digest <digest>', 'confirm without a question, if what is asked for has this digest');
  }
  parent
    .command('requests')
    .description('list what waits for a second person, and what was judged last')
    .action(async () => {
      const page = await listRequests(client());
      const items = page.items.filter(({ kind }) => subjectOf(kind) === of);
      const rows = items.map(({ id, status, kind, about, person, requestedAt }) => [
        ...[id.slice(0, 13), status, kind, visible(about), named(person), requestedAt.slice(0, 16)],
      ]);
      print({ ...page, items }, table([['REQUEST', 'STATUS', 'KIND', 'ABOUT', 'BY', 'AT'], ...rows]));
    });
}

async function findRequest(client: Client, prefix: string, of: Of): Promise<string> {
  // The list is short; a whole id is looked up by itself.
  if (isUuid(prefix)) return prefix;
  const { items } = await listRequests(client);
  const [found, ...others] = items.filter(({ id, kind }) => id.startsWith(prefix) && subjectOf(kind) === of);
  if (found && others.length === 0) return found.id;
  throw usage(found ? `More than one request begins with ${prefix}.` : `No request begins with ${prefix}.`);
}
