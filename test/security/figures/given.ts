import { GRANTS, type RecordRole } from '../../../src/adapters/postgres/install/roles.js';

export const TABLE_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;
export type TableRight = (typeof TABLE_RIGHTS)[number];

/** What a list in `GRANTS` gives of one right: the columns of each table. A star stands for all of them. */
export function given(role: RecordRole, right: TableRight): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const text of GRANTS[role]) {
    const [, rights = '', tables = ''] = /^GRANT (.+) ON (?!FUNCTION)(.+) TO %s$/.exec(text) ?? [];
    for (const [, name, columns] of rights.matchAll(/([A-Z]+)(?: \(([^)]*)\))?/g)) {
      if (name !== right) continue;
      for (const table of tables.split(', '))
        for (const column of columns?.split(', ') ?? ['*'])
          found.set(table, (found.get(table) ?? new Set()).add(column));
    }
  }
  return found;
}
