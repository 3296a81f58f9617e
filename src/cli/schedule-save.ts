import type { Command } from 'commander';
import type { Schedule } from './api/types.js';
import type { Io } from './io.js';
import { say } from './say.js';
import type { timingOf, TimingSaid } from './schedule-options.js';
import { runLines, scheduleLines } from './schedule-text.js';
import { confirm } from './terminal.js';

/** What a command says of a schedule besides what it does. */
export interface AddSaid extends TimingSaid {
  readonly reason?: string;
  readonly ticket?: string;
  readonly yes?: boolean;
}

export const withWords = (command: Command): Command =>
  command.option('--ticket <id>', 'a ticket of your own system').option('--yes', 'do not ask');

export const ticketOf = ({ ticket }: AddSaid) => (ticket === undefined ? {} : { ticket });

export async function showSchedule({ client, print }: Io, id: string): Promise<void> {
  const shown = await client().get('/v1/schedules/{id}', { path: { id } });
  print(shown, scheduleLines(shown));
}

/** Shows the next runs, asks unless `yes`, and saves. */
export async function saveSchedule(
  io: Io,
  name: string,
  timing: ReturnType<typeof timingOf>,
  action: Schedule['action'],
  yes: boolean | undefined,
): Promise<void> {
  const { client, print, asJson } = io;
  const preview = await client().post('/v1/schedules:preview', { body: timing });
  if (!asJson()) say(['Next runs', ...runLines(preview.items, timing.jitter)].join('\n'));
  if (yes !== true && !(await confirm('Save it?', 'Add --yes to save it.')))
    return print({ saved: false }, 'Nothing was saved.');
  const added = await client().post('/v1/schedules', { body: { name, ...timing, action } });
  await showSchedule(io, added.id);
}
