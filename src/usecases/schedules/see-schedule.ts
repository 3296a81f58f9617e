import type { Actor } from '../../domain/people.js';
import type { Schedule } from '../../domain/schedules/schedule.js';
import type { ApiContext } from '../api-context.js';

type Context = Pick<ApiContext, 'rights' | 'inventory' | 'schedules'>;

/** Which of these schedules a person may see: by their target, like the target itself; those of scans, their own. */
export async function seenBy(
  { rights, inventory }: Omit<Context, 'schedules'>,
  { person }: Actor,
  schedules: readonly Schedule[],
) {
  const now = await rights.read();
  if (now.everywhere(person, 'read-schedules')) return schedules;
  const idOf = ({ spec: { action } }: Schedule) => (action.kind === 'job' ? [action.target] : []);
  const targets = await inventory.find([...new Set(schedules.flatMap(idOf))]);
  return schedules.filter((schedule) => {
    if (schedule.spec.action.kind === 'scan') return schedule.owner.id === person.id;
    const target = targets.get(idOf(schedule)[0] ?? '')?.target;
    return target !== undefined && !now.denial({ action: 'read-schedules', person, target });
  });
}

/** One that the person may see, by id or by name. */
export async function findSchedule(context: Context, actor: Actor, idOrName: string): Promise<Schedule | undefined> {
  const found = await context.schedules.find(idOrName);
  return found && (await seenBy(context, actor, [found]))[0];
}
