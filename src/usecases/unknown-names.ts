import { searchForm } from '../domain/subjects.js';
import { isUuid } from '../domain/uuid.js';
import type { ApiContext } from './api-context.js';

/** The names of a filter that must be known: a misspelt name would find nothing, and an empty answer would hide the mistake. */
export interface FilterNames {
  /** Id or name of a person. */
  readonly person?: string | undefined;
  /** Id of a person. */
  readonly requester?: string | undefined;
  readonly runbook?: string | undefined;
  /** Id or name of a target. */
  readonly target?: string | undefined;
}

export interface UnknownName {
  readonly member: keyof FilterNames;
  readonly name: string;
}

type Context = Pick<ApiContext, 'audit' | 'people' | 'catalogue' | 'inventory' | 'queries'>;

/** Those of these names that mean nothing, now or at any time that is on record. */
export async function unknownNames(context: Context, names: FilterNames): Promise<readonly UnknownName[]> {
  const unknown: UnknownName[] = [];
  for (const member of ['person', 'requester', 'runbook', 'target'] as const) {
    const name = names[member];
    if (name !== undefined && !(await IS_KNOWN[member](context, name))) unknown.push({ member, name });
  }
  return unknown;
}

const IS_KNOWN: Readonly<Record<keyof FilterNames, (context: Context, name: string) => Promise<boolean>>> = {
  person: async (context, name) => isOnRecord(context, { persons: await personIds(context, name) }),
  requester: (context, name) => isOnRecord(context, { persons: [name] }),
  runbook: async ({ catalogue, queries }, runbook) =>
    (await catalogue.current(runbook)) !== undefined || (await queries.list({ runbook, limit: 1 })).length > 0,
  target: async (context, target) =>
    // An id is no misspelt name.
    isUuid(target) || (await context.inventory.byName(target)) !== undefined || isOnRecord(context, { target }),
};

/** Whether these are people of now, or an event is about them. */
async function isOnRecord(
  { audit, people }: Context,
  wanted: { readonly persons: readonly string[] } | { readonly target: string },
): Promise<boolean> {
  const { all } = await people.read();
  if ('persons' in wanted && all.some(({ id }) => wanted.persons.includes(id))) return true;
  return (await audit.query({ ...wanted, limit: 1 })).length > 0;
}

/** The ids that a text may mean: itself, and those of the people who have that name, or had it when they acted. */
export async function personIds(
  { people, audit }: Pick<ApiContext, 'people' | 'audit'>,
  text: string,
): Promise<readonly string[]> {
  const form = searchForm(text);
  const { all } = await people.read();
  const ids = all.filter(({ id, name }) => id === text || searchForm(name) === form).map(({ id }) => id);
  return [...new Set([text, ...(ids.length > 0 ? ids : await audit.actorsNamed(form))])];
}
