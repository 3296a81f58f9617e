import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { Envelope } from '../../domain/schedules/envelope.js';
import { standingChangeDigest } from '../../domain/schedules/standing-change.js';
import { digestOfTarget, type Target } from '../../domain/target.js';
import type { CalendarWindow } from '../../domain/schedules/calendar.js';
import type { ValueObject } from '../../domain/canonical.js';
import { show, signed, tell, type Said } from '../admission/ask.js';
import { standingContent } from '../admission/content.js';
import { Unchecked, type ScheduleDetail } from '../api/types.js';
import { weeklyWindow } from '../calendar-windows.js';
import { collect, comingTime, wholeNumber, type Io } from '../io.js';
import { visible } from '../print.js';
import { keyOptions } from '../sign-decision.js';
import { usage } from '../terminal.js';

interface AskSaid extends Said {
  readonly action?: readonly string[];
  readonly perTarget: number;
  readonly inAll: number;
  readonly weekly?: readonly CalendarWindow[];
  readonly zone?: string;
  readonly until: string;
  readonly yes?: boolean;
}

const SCHEDULE = 'name or id of a schedule';

/** Approvals in advance: one person asks, an approver confirms. */
export function standingCommands(schedule: Command, io: Io): void {
  const { client } = io;
  const ask = schedule
    .command('cover')
    .description('ask for a standing approval of a schedule; an approver confirms it with: schedule confirm')
    .argument('<schedule>', SCHEDULE)
    .requiredOption('--until <time>', 'its end, at most 90 days ahead: 30d, or a time', comingTime)
    .option('--action <name>', 'an action that a plan may have; may be repeated', collect)
    .option('--per-target <n>', 'changes of one plan, at most', wholeNumber, 1)
    .option('--in-all <n>', 'changes of all plans together, at most', wholeNumber, 100)
    .option('--weekly <window>', 'days and times in which a job may begin; may be repeated', windows)
    .option('--zone <zone>', 'IANA time zone of these times; default: that of the schedule')
    .requiredOption('--reason <text>', 'why; who confirms it reads it')
    .option('--yes', 'do not ask')
    .action(async (id: string, said: AskSaid) => {
      const shown = await client().get('/v1/schedules/{id}', { path: { id } });
      const envelope = await envelopeOf(io, shown, said);
      const inForce = await client().get('/v1/schedules/{id}/standing', { path: { id: shown.id } });
      const current = inForce.envelope as Envelope | null;
      const change = { schedule: shown.id, before: inForce.sha256, envelope };
      const content = standingContent({ ...change, current });
      // The salt makes each envelope another one, so that no script could name its digest before.
      const digest = said.yes === true ? content.digest : undefined;
      if (!(await show(io, shown.name, content, digest, 'Ask for it?')))
        return io.print({ asked: false }, 'Nothing was asked for.');
      await send(io, shown, { ...change, kind: 'approve-standing' }, said);
    });
  keyOptions(ask);
  const withdraw = schedule
    .command('uncover')
    .description('withdraw the standing approval of a schedule at once')
    .argument('<schedule>', SCHEDULE)
    .requiredOption('--reason <text>', 'why; it is kept in the audit log')
    .action(async (id: string, said: Said) => {
      const { sha256: before, schedule: of } = await client().get('/v1/schedules/{id}/standing', { path: { id } });
      if (before === null) throw usage(`${visible(id)} has no standing approval.`);
      const shown = await client().get('/v1/schedules/{id}', { path: { id: of } });
      await send(io, shown, { schedule: of, before, envelope: null, kind: 'withdraw-standing' }, said);
    });
  keyOptions(withdraw);
}

const windows = (text: string, known: readonly CalendarWindow[] = []) => [...known, weeklyWindow(text)];

interface Change {
  readonly kind: 'approve-standing' | 'withdraw-standing';
  readonly schedule: string;
  readonly before: string | null;
  readonly envelope: Envelope | null;
}

async function send(
  io: Io,
  { id, name }: { readonly id: string; readonly name: string },
  { kind, ...change }: Change,
  said: Said,
): Promise<void> {
  const { reason } = said;
  const contentDigest = standingChangeDigest(change);
  const proof = await signed({ kind, about: name, contentDigest, decision: 'request', reason }, said);
  const { before, envelope } = change;
  const body = new Unchecked({ before, envelope, reason, ...proof });
  tell(io, await io.client().post('/v1/schedules/{id}/standing', { path: { id }, body }));
}

/** Everything that the approval covers, from what is there now. */
async function envelopeOf({ client }: Io, shown: ShownSchedule, said: AskSaid): Promise<Envelope> {
  const { action, when } = shown;
  if (action.kind !== 'job') throw usage('A scan needs no approval: it changes nothing.');
  const runbook = await client().get('/v1/runbooks/{id}', { path: { id: action.runbook } });
  const target = (await client().get('/v1/targets/{id}', { path: { id: action.target } })) as Target;
  const { weekly = [], zone = when.zone, perTarget, inAll, until } = said;
  if (weekly.length === 0) throw usage('Say when a job may begin: --weekly "mon-fri 22:00-06:00".');
  if (!said.action) throw usage('Say which actions a plan may have: --action <name>.');
  return {
    v: 1,
    schedule: { id: shown.id, sha256: shown.digest },
    runbook: { id: runbook.id, version: runbook.version, contentSha256: runbook.contentDigest },
    targets: [{ id: target.id, name: target.name, sha256: digestOfTarget(target) }],
    parameters: action.parameters as ValueObject,
    actions: said.action,
    most: { perTarget, inAll },
    hours: { zone, windows: weekly },
    notBefore: new Date().toISOString(),
    notAfter: until,
    salt: randomBytes(16).toString('hex'),
  };
}

interface ShownSchedule {
  readonly id: string;
  readonly digest: string;
  readonly when: { readonly zone: string };
  readonly action: ScheduleDetail['action'];
}
