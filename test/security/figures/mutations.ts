import { randomUUID } from 'node:crypto';
import { DATABASE_ROLES, type RecordRole } from '../../../src/adapters/postgres/install/roles.js';
import { randomOf, type Random } from '../../generative/random.js';
import { tally, type Amount, type Figure } from './figure.js';
import { given } from './given.js';
import { realWorld, type Asked, type RealWorld } from './real-world.js';
import { keyed, otherValue, rowsOf, tablesOf, type Column, type Row, type Table } from './rows.js';
import { SPECIMENS } from './specimens.js';
import { firstKey } from '../../support/keys.js';

/** One statement that a role may try: one field of one row, changed or in a copy of it. */
interface Try {
  readonly role: RecordRole;
  readonly right: 'UPDATE' | 'INSERT';
  readonly table: Table;
  readonly column: Column;
  /** Of the columns that it may write. */
  readonly may: (name: string) => boolean;
  readonly specimen: string;
}

/** Every role × right × table × column × part of a job's life, in turns, so that any beginning of the list has some of each. */
async function tries(world: RealWorld, random: Random): Promise<readonly Try[]> {
  const groups: Try[][] = [];
  for (const role of DATABASE_ROLES)
    for (const right of ['UPDATE', 'INSERT'] as const)
      for (const table of (await tablesOf(world.owner)).values()) {
        const columns = given(role, right).get(table.name);
        if (!columns) continue;
        const may = (name: string) => columns.has('*') || columns.has(name);
        const all = table.columns
          .filter(({ name }) => may(name))
          .flatMap((column) =>
            Object.keys(SPECIMENS).map((specimen) => ({ role, right, table, column, may, specimen })),
          );
        groups.push([...random.shuffled(all)]);
      }
  const longest = Math.max(...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group[i] ?? [])).flat();
}

/** The statement as its role plays it; the key of the row that it leaves, undefined where the database refused it. */
async function play(world: RealWorld, { role, right, table, column, may }: Try, row: Row, random: Random) {
  const others = (await rowsOf(world.owner, table)).flatMap((other) => other[column.name] ?? []);
  const value = otherValue(column, row[column.name] ?? null, others, random);
  const client = world.roles.get(role);
  try {
    if (right === 'UPDATE') {
      const { sql, values } = keyed(table, row, 2);
      const { rowCount } = await (client?.query(`UPDATE "${table.name}" SET "${column.name}" = $1 WHERE ${sql}`, [
        value,
        ...values,
      ]) ?? Promise.resolve({ rowCount: 0 }));
      return rowCount === 0 ? undefined : { ...row, [column.name]: value };
    }
    const names = table.columns.filter(({ name, type }) => may(name) && !(name === 'seq' && type === 'bigint'));
    const [only] = table.key;
    const copy: Row = {
      ...row,
      ...(table.key.length === 1 && only && typeof row[only] === 'string' && /^[0-9a-f-]{36}$/.test(row[only])
        ? { [only]: randomUUID() }
        : {}),
      [column.name]: value,
    };
    const list = names.map(({ name }) => `"${name}"`).join(', ');
    const values = names.map(({ name }) => copy[name] ?? null);
    await client?.query(
      `INSERT INTO "${table.name}" (${list}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      values,
    );
    return copy;
  } catch {
    return undefined;
  }
}

/** Puts a row back as it was, or takes the copy away, past every trigger: what comes next begins in the same world. */
async function restore(world: RealWorld, { right, table }: Try, before: Row, left: Row): Promise<void> {
  const { owner } = world;
  await owner.query('SET session_replication_role = replica');
  try {
    const gone = keyed(table, left, 1);
    await owner.query(`DELETE FROM "${table.name}" WHERE ${gone.sql}`, [...gone.values]);
    if (right === 'INSERT') return;
    const names = table.columns.map(({ name }) => name);
    await owner.query(
      `INSERT INTO "${table.name}" (${names.map((name) => `"${name}"`).join(', ')}) OVERRIDING SYSTEM VALUE
       VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}) ON CONFLICT DO NOTHING`,
      names.map((name) => before[name] ?? null),
    );
  } finally {
    await owner.query('SET session_replication_role = DEFAULT');
  }
}

/** Whether the table is of one job, which is not used again, or of the whole installation. */
const isOfAJob = ({ name, columns }: Table) =>
  name === 'jobs' || name === 'targets' || columns.some((column) => column.name === 'job_id');

/**
 * Each role of the database changes one field of a row, or inserts a copy with one field changed, wherever it may write; then authority
 * judges and the worker acts. No change may reach a target that was not in a plan that enough people approved.
 */
export async function mutations({ count, seed }: Amount): Promise<Figure> {
  const told = tally('one-field changes by each database role');
  const world = await realWorld();
  const specimens = new Map<string, Asked>();
  let [taken, withoutRow] = [0, 0];
  try {
    // Rows of keys too.
    await firstKey(world.product);
    const all = (await tries(world, randomOf(seed))).slice(0, count);
    for (const [n, each] of all.entries()) {
      const random = randomOf(seed, n);
      const asked = specimens.get(each.specimen) ?? (await SPECIMENS[each.specimen]?.(world));
      if (!asked) throw new Error(each.specimen);
      specimens.set(each.specimen, asked);
      const rows = await rowsOf(world.owner, each.table, { job: asked.id, target: asked.target });
      if (rows.length === 0) {
        withoutRow += 1;
        continue;
      }
      const row = random.pick(rows);
      const left = await play(world, each, row, random);
      if (left) {
        taken += 1;
        await world.judged(asked.id);
        for (const id of new Set([asked.id, left.id ?? asked.id, left.job_id ?? asked.id])) {
          await world.step(id);
          await world.step(id);
        }
        // A job that was touched is not used again.
        if (isOfAJob(each.table)) specimens.delete(each.specimen);
        else await restore(world, each, row, left);
        await withoutPending(world);
      }
      const problem = world.truth.violation();
      const what = `seed ${seed}, ${n}: ${each.role} ${each.right} ${each.table.name}.${each.column.name} of ${each.specimen}`;
      told.add(problem && `${what}: ${problem}`);
    }
    told.add(await stillRuns(world));
    return told.figure({ taken, withoutRow, effects: world.truth.effects() });
  } finally {
    await world.stop();
  }
}

/** A decision that authority cannot judge is tried again for ever: here it is taken away. */
async function withoutPending({ owner }: RealWorld): Promise<void> {
  await owner.query('SET session_replication_role = replica');
  await owner.query("DELETE FROM decisions WHERE status = 'pending'");
  await owner.query('SET session_replication_role = DEFAULT');
}

/** At the end an honest job runs as ever: a world in which nothing can run would show nothing. */
async function stillRuns(world: RealWorld): Promise<string | undefined> {
  const asked = await world.planned({ text: 'plain, at the end' });
  const { body } = await world.decide(asked.job, 'approver');
  await world.step(asked.id);
  const ran = world.truth.effects(asked.directory) === 1 && world.truth.violation() === undefined;
  return ran ? undefined : `an honest job does not run after it all: ${JSON.stringify(body.state)}`;
}
