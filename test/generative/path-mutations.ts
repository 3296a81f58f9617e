import type { Operation } from './document.js';
import type { Mutation } from './mutation.js';
import type { Random } from './random.js';

const hasId = ({ path }: Operation) => path.includes('{id}');

/** The id of the path, written otherwise. */
const id =
  (write: (old: string, random: Random) => string): Mutation['change'] =>
  (draft, random) => {
    const [, before = '', after = ''] = /^(.*)\{id\}(.*)$/.exec(draft.operation.path) ?? [];
    const old = draft.path.slice(before.length, draft.path.length - after.length);
    return { ...draft, path: `${before}${write(old, random)}${after}` };
  };

/** Ids that nothing has, as they stand in an address. */
const IDS = [
  ...'%00 a%00b %2f ..%2f.. %c0%af %ff %ed%a0%80 %e2%80%ae %F0%9F%98%80 %25 %2500 %0d%0a %20'.split(' '),
  ...`. .. %2e%2e ;x=1 ' " * ~ ! $ () a,b __proto__ null undefined - 0 :id {id}`.split(' '),
  ...['00000000-0000-0000-0000-000000000000', '01890000-0000-7000-8000-00000000000'],
  ...['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-00000000000g'],
  ...['-'.repeat(36), '0'.repeat(32), 'x'.repeat(300), 'x'.repeat(8000)],
];

/** Addresses of other things, or of nothing. */
export const PATH_MUTATIONS: readonly Mutation[] = [
  { name: 'path: another id', fits: hasId, change: id((_, random) => random.pick(IDS)) },
  { name: 'path: an id with a NUL', fits: hasId, change: id((old) => `${old}%00`), refused: true },
  { name: 'path: the id in capitals', fits: hasId, change: id((old) => old.toUpperCase()) },
  { name: 'path: the id cut off', fits: hasId, change: id((old, random) => old.slice(0, random.int(old.length))) },
  {
    name: 'path: the id encoded',
    fits: hasId,
    change: id((old) => [...Buffer.from(old)].map((byte) => `%${byte.toString(16)}`).join('')),
  },
  {
    name: 'path: another form',
    change: (draft, random) => ({
      ...draft,
      path: random.pick([
        `${draft.path}/`,
        `/${draft.path}`,
        draft.path.replace('/v1/', '/V1/'),
        draft.path.replace('/v1/', '/v1//'),
        `${draft.path}/.`,
        `/x/..${draft.path}`,
        `${draft.path}%2f`,
        `${draft.path}%00`,
        `${draft.path}\xff`,
        `${draft.path};a=b`,
        draft.path.toUpperCase(),
        `${draft.path}/x/y`,
      ]),
    }),
  },
  {
    name: 'path: bad encoding',
    change: (draft, random) => ({
      ...draft,
      path: `${draft.path}${random.pick(['%', '%z', '%zz', '%c3%28', '%f0%28%8c%28'])}`,
    }),
    refused: true,
  },
  {
    name: 'path: with an authority',
    change: (draft, random, { port }) => ({
      ...draft,
      path: `${random.pick([`http://127.0.0.1:${port}`, 'http://evil.example', 'ftp://x'])}${draft.path}`,
    }),
  },
  {
    name: 'path: none',
    change: (draft, random) => ({
      ...draft,
      path: random.pick(['*', 'x', '', '/', '/v1', '/v1/', '//', '/%', '/\0', '/ /']),
      query: [],
    }),
  },
  {
    name: 'path: served and not described',
    change: (draft, random) => ({
      ...draft,
      path: random.pick(['/v1/openapi.json', '/healthz', '/metrics', '/v2/jobs', '/favicon.ico']),
      query: [],
    }),
  },
];
