import { RAW } from './draft.js';
import {
  inBody,
  isObject,
  nested,
  ofBody as mutation,
  placesIn,
  replaced,
  withMember,
  type Mutation,
} from './mutation.js';
import { TEXTS, valueOf } from './values.js';

const isText = (value: unknown) => typeof value === 'string';
const isList = Array.isArray;

/** What a member becomes whose type is another one. */
const OTHERS: readonly unknown[] = [null, true, 0, -1, 1.5, 'text', '', [], {}, [null], [[]], { a: 1 }];
const NUMBERS = [
  ...['0', '-0', '-1', '1', '1.0', '1.5', '65535', '65536', '2147483647', '2147483648', '9007199254740991'],
  ...['9007199254740993', '-9223372036854775809', '18446744073709551616', '1e308', '1e999', '-1e999', '1e-400', '1E+2'],
  `1${'0'.repeat(400)}`,
];
const LENGTHS = [0, 1, 39, 40, 41, 119, 120, 121, 200, 201, 1000, 1001, 2000, 2001, 8192, 100_000];
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', '', ' ', 'REASON', '\u{1f600}', '$ref'];

/** Bodies that are JSON and say something else. */
export const BODY_MUTATIONS: readonly Mutation[] = [
  mutation('a member is missing', (draft, random) => {
    const places = placesIn(draft.value).filter((place) => typeof place.at(-1) === 'string');
    if (places.length === 0) return { ...draft, value: {} };
    const place = random.pick(places);
    const drop = (old: unknown) =>
      Object.fromEntries(Object.entries(old as object).filter(([name]) => name !== place.at(-1)));
    return { ...draft, value: replaced(draft.value, place.slice(0, -1), drop) };
  }),
  mutation('a member more', (draft, random) => withMember(draft, random, random.pick(NAMES), random.pick(OTHERS))),
  mutation(
    'an unknown member at the top',
    (draft) => ({ ...draft, value: { ...(draft.value as object), force: true } }),
    true,
  ),
  mutation('another type', (draft, random) => inBody(draft, random, () => random.pick(OTHERS))),
  mutation('another value', (draft, random) => ({ ...draft, value: random.pick(OTHERS) })),
  mutation('another text', (draft, random) => inBody(draft, random, () => random.pick(TEXTS), isText)),
  mutation('a text of another length', (draft, random) =>
    inBody(draft, random, () => random.pick(['x', 'ß', '測', '\u{1f600}', ' ']).repeat(random.pick(LENGTHS)), isText),
  ),
  mutation('a number', (draft, random) =>
    inBody(
      draft,
      random,
      () => RAW + random.pick(NUMBERS),
      (value) => typeof value === 'number' || random.chance(0.2),
    ),
  ),
  mutation('a list of another length', (draft, random) =>
    inBody(
      draft,
      random,
      (old) => {
        const items = isList(old) ? (old as unknown[]) : [old];
        const [first = null] = items;
        return random.pick([[], [first, first], Array.from({ length: 501 }, () => first), [...items, null]]);
      },
      isList,
    ),
  ),
  mutation('a lone surrogate', (draft, random) =>
    inBody(draft, random, (old) => random.pick(['\ud800', '\udc00x', `${String(old)}\ud83d`]), isText),
  ),
  mutation('a lone surrogate in a name', (draft, random) => withMember(draft, random, '\udfff', 1)),
  mutation('a NUL', (draft, random) => inBody(draft, random, (old) => `${String(old)}\0`, isText)),
  mutation('a NUL in a name', (draft, random) => withMember(draft, random, 'a\0b', 1)),
  mutation('names that differ in case only', (draft) => {
    const [name = 'a', member = 1] = (Object.entries(draft.value as object)[0] ?? []) as [string, unknown];
    return { ...draft, value: { ...(draft.value as object), [name.toUpperCase()]: member } };
  }),
  mutation('deep nesting', (draft, random) =>
    inBody(
      draft,
      random,
      () => RAW + nested(random.pick([7, 8, 9, 18, 19, 20, 21, 500]), random.pick(['list', 'object'])),
    ),
  ),
  mutation(
    'many members',
    (draft) => {
      const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}`, i]));
      return { ...draft, value: { ...(draft.value as object), ...many } };
    },
    true,
  ),
  mutation('members by their schema', (draft, random, { document }) => {
    const made = valueOf(document, draft.operation.body ?? {}, random);
    return { ...draft, value: isObject(made) ? { ...made, ...(draft.value as object) } : made };
  }),
  mutation('everything by its schema', (draft, random, { document }) => ({
    ...draft,
    value: valueOf(document, draft.operation.body ?? {}, random),
  })),
];
