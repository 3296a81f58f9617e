import { sql, type RawBuilder } from 'kysely';

/**
 * A column of canonical JSON as `jsonb`, without the NUL characters that are in its texts: `jsonb` refuses them, and with one of them in any
 * row a whole query. Parameters come from requests, and plans from targets.
 */
export function jsonOf(column: string): RawBuilder<unknown> {
  const text = sql.ref(column);
  // An escaped backslash before `u0000` is no escape of a NUL.
  return sql`(CASE WHEN strpos(${text}, '\\u0000') = 0 THEN ${text}
    ELSE regexp_replace(${text}, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1', 'g') END)::jsonb`;
}
