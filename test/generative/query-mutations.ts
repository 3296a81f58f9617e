import type { Draft } from './draft.js';
import type { Operation } from './document.js';
import type { Mutation } from './mutation.js';
import { TEXTS } from './values.js';

const hasQuery = ({ parameters }: Operation) => parameters.some((parameter) => parameter.in === 'query');
const hasCursor = ({ parameters }: Operation) => parameters.some(({ name }) => name === 'cursor');
const queryNames = ({ parameters }: Operation) => parameters.filter((of) => of.in === 'query').map(({ name }) => name);

const set = (draft: Draft, name: string, value: string): Draft => ({
  ...draft,
  query: [...draft.query.filter(([other]) => other !== name), [name, value]],
});
const more = (draft: Draft, name: string, value: string): Draft => ({
  ...draft,
  query: [...draft.query, [name, value]],
});
const base64url = (text: string) => Buffer.from(text).toString('base64url');

const LIMITS = [...'0 -1 1 200 201 500 501 1000 1001 1e2 +5 0x10 1.0 %20 007 99999999999'.split(' '), ''];
const CURSORS = [
  ...'-5 0 1 2147483648 9007199254740991 9007199254740993 9223372036854775808 1e3 0x10 NaN x'.split(' '),
  ...[' 7 ', '\0', 'a\0', '\u{10ffff}', '01890000-0000-7000-8000-000000000001\n'],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
];

/** Queries that say something else, or nothing that is known. */
export const QUERY_MUTATIONS: readonly Mutation[] = [
  {
    name: 'query: an unknown parameter',
    change: (draft, random) =>
      more(draft, random.pick(['x', 'Limit', '__proto__', 'limit%00', '%ff', 'a[b]', 'constructor', '%']), '1'),
    refused: true,
  },
  {
    name: 'query: a parameter twice',
    fits: hasQuery,
    change: (draft, random) => {
      const name = random.pick(queryNames(draft.operation));
      return more(set(draft, name, '1'), name, random.pick(['1', '2', '']));
    },
    refused: true,
  },
  {
    name: 'query: another text',
    fits: hasQuery,
    change: (draft, random) =>
      set(draft, random.pick(queryNames(draft.operation)), encodeURIComponent(random.pick(TEXTS))),
  },
  {
    name: 'query: bytes that are no text',
    fits: hasQuery,
    change: (draft, random) =>
      set(
        draft,
        random.pick(queryNames(draft.operation)),
        random.pick(['%00', 'a%00', '%ff', '%c0%af', '%ed%a0%80', '%', '%zz', '%u0041', '\xff', '+', '%2B', '%0a']),
      ),
  },
  {
    name: 'query: a NUL',
    fits: hasQuery,
    change: (draft, random) => set(draft, random.pick(queryNames(draft.operation)), 'a%00'),
    refused: true,
  },
  {
    name: 'query: nothing',
    fits: hasQuery,
    change: (draft, random) => set(draft, random.pick(queryNames(draft.operation)), ''),
  },
  {
    name: 'query: a long text',
    fits: hasQuery,
    change: (draft, random) =>
      set(draft, random.pick(queryNames(draft.operation)), 'x'.repeat(random.pick([200, 201, 400, 401, 9000]))),
  },
  { name: 'query: a limit', fits: hasCursor, change: (draft, random) => set(draft, 'limit', random.pick(LIMITS)) },
  {
    name: 'query: a cursor of nothing',
    fits: hasCursor,
    change: (draft, random) => set(draft, 'cursor', base64url(random.pick(CURSORS))),
  },
  {
    name: 'query: a cursor of another list',
    fits: hasCursor,
    change: (draft, random, { cursors }) => set(draft, 'cursor', random.pick([...Object.values(cursors).flat(), 'eA'])),
  },
  {
    name: 'query: a cursor that was changed',
    fits: hasCursor,
    change: (draft, random, { cursors }) => {
      const cursor = random.pick([...Object.values(cursors).flat(), 'MTIz']);
      const at = random.int(cursor.length - 1);
      return set(
        draft,
        'cursor',
        random.pick([
          cursor.slice(0, at),
          cursor.slice(at),
          `${cursor}A`,
          `${cursor}%3D`,
          cursor.toLowerCase(),
          `${cursor.slice(0, at)}_${cursor.slice(at + 1)}`,
        ]),
      );
    },
  },
  {
    name: 'query: odd separators',
    change: (draft, random) => ({
      ...draft,
      path: `${draft.path}${random.pick(['?', '?&', '?&&', '?=', '?=x', '?a', '??', '?;'])}`,
      query: [],
    }),
  },
  {
    name: 'query: a thousand parameters',
    change: (draft) => ({ ...draft, query: Array.from({ length: 1100 }, (_, i) => [`p${i}`, '']) }),
    refused: true,
  },
];
