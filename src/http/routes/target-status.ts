import { LEAST_MAINTENANCE_MS, MOST_MAINTENANCE_MS } from '../../domain/maintenance.js';
import type { Person } from '../../domain/people.js';
import type { Target } from '../../domain/target.js';
import { utcText } from '../../domain/time.js';
import type { Maintenance, TargetStatus } from '../../ports/target-status.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { personEvent } from '../../usecases/facts.js';
import { DEFAULT_LIMIT } from '../page.js';
import { failure, route, type Route } from '../route.js';
import { PageQuery } from '../schemas/queries.js';
import { MaintenanceBody } from '../schemas/requests.js';
import { TargetStatus as StatusSchema, TargetStatusPage } from '../schemas/responses.js';
import { targetPage } from './targets.js';

/** What is known of targets beside their form: when they were last seen, and their maintenance. */
export function targetStatusRoutes(context: ApiContext): readonly Route[] {
  /** The target with this id or name, where this person has this right for it. */
  const find = async (idOrName: string, person: Person, action: 'read-targets' | 'edit-targets') => {
    const stored = (await context.inventory.find([idOrName])).get(idOrName);
    if (!stored) return { refused: failure({ kind: 'target-not-found' }) };
    const { target } = stored;
    const denial = (await context.rights.read()).denial({ action, person, target });
    if (!denial) return { target };
    return { refused: failure(action === 'read-targets' ? { kind: 'target-not-found' } : denial) };
  };
  const statusOf = async (target: Target) =>
    shown(target, (await context.targetStatuses.of([target.id])).get(target.id));
  return [
    route({
      method: 'get',
      path: '/target-status',
      summary: 'Of each target of the inventory when a worker was last signed in to it, and its maintenance; by name.',
      action: 'read-targets',
      query: PageQuery,
      answers: 200,
      answer: TargetStatusPage,
      handle: async ({ actor: { person }, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const { items, next } = await targetPage(context, person, cursor, limit);
        const statuses = await context.targetStatuses.of(items.map(({ id }) => id));
        return { kind: 'answer', body: { items: items.map((one) => shown(one, statuses.get(one.id))), next } };
      },
    }),
    route({
      method: 'get',
      path: '/targets/:id/status',
      summary: 'When a worker was last signed in to a target, and its maintenance.',
      action: 'read-targets',
      answers: 200,
      answer: StatusSchema,
      problems: ['target-not-found'],
      handle: async ({ id, actor: { person } }) => {
        const found = await find(id, person, 'read-targets');
        return found.refused ?? { kind: 'answer', body: await statusOf(found.target) };
      },
    }),
    route({
      method: 'post',
      path: '/targets/:id/maintenance',
      summary:
        'Begin the maintenance of a target, or change it: no job begins there until its end. A running job is finished.',
      action: 'edit-targets',
      body: MaintenanceBody,
      answers: 200,
      answer: StatusSchema,
      problems: ['target-not-found', 'maintenance-refused'],
      handle: async ({ id, actor: { person }, body: { until: text, reason } }) => {
        const found = await find(id, person, 'edit-targets');
        if (found.refused) return found.refused;
        const until = new Date(text);
        const ms = until.getTime() - Date.now();
        if (!(ms >= LEAST_MAINTENANCE_MS && ms <= MOST_MAINTENANCE_MS)) return failure({ kind: 'maintenance-refused' });
        const { target } = found;
        const data = { targetId: target.id, targetName: target.name, until: utcText(until) };
        const event = personEvent(context.newId, person, 'target.maintenance-started', undefined, { data });
        await context.targetStatuses.startMaintenance(target.id, { until, by: person.name, reason }, event);
        return { kind: 'answer', body: await statusOf(target) };
      },
    }),
    route({
      method: 'delete',
      path: '/targets/:id/maintenance',
      summary: 'End the maintenance of a target: what waited for it is tried at once.',
      action: 'edit-targets',
      answers: 200,
      answer: StatusSchema,
      problems: ['target-not-found'],
      handle: async ({ id, actor: { person } }) => {
        const found = await find(id, person, 'edit-targets');
        if (found.refused) return found.refused;
        const { target } = found;
        const data = { targetId: target.id, targetName: target.name };
        const event = personEvent(context.newId, person, 'target.maintenance-ended', undefined, { data });
        await context.targetStatuses.endMaintenance(target.id, event);
        return { kind: 'answer', body: await statusOf(target) };
      },
    }),
  ];
}

function shown({ id, name }: Target, status: TargetStatus = {}) {
  const { seenAt, triedAt, code, maintenance } = status;
  return {
    ...{ id, name },
    ...(seenAt ? { seenAt: utcText(seenAt) } : {}),
    ...(triedAt ? { triedAt: utcText(triedAt) } : {}),
    ...(code === undefined ? {} : { code }),
    ...(maintenance ? { maintenance: maintenanceView(maintenance) } : {}),
  };
}

const maintenanceView = ({ until, by, reason, since }: Maintenance) => ({
  ...{ by, reason },
  until: utcText(until),
  since: utcText(since),
});
