import { gzipSync } from 'node:zlib';
import { bodyOf, jsonOf, RAW, withHeader, type Draft } from './draft.js';
import { nested, ofBody as mutation, withMember, type Mutation } from './mutation.js';

/** Small on the way, and larger than any body when it is unpacked. */
const BOMB = gzipSync(Buffer.alloc(20_000_000, ' '));

/** A body as these bytes: for what no JSON value says. */
const asBytes = (draft: Draft, bytes: Buffer | string): Draft => ({
  ...draft,
  value: undefined,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
});
const textOfBody = ({ value }: Draft) => jsonOf(value);

/** Bodies whose bytes, type or length are other than they should be. */
export const BYTE_MUTATIONS: readonly Mutation[] = [
  mutation(
    'bytes that are not UTF-8',
    (draft, random) => {
      const bad = random.pick(['ff', 'c0af', 'eda080', 'f8888080', 'c3', 'e28282', 'f4908080']);
      const [before = '', after = ''] = jsonOf(withMember(draft, random, 'cut', RAW + '@@cut@@').value).split(
        '@@cut@@',
      );
      const quoted = [Buffer.from(`${before}"`), Buffer.from(bad, 'hex'), Buffer.from(`"${after}`)];
      return asBytes(draft, Buffer.concat(quoted));
    },
    true,
  ),
  mutation(
    'a name twice',
    (draft, random) => {
      const [name = 'a', member = 1] = random.pick([...Object.entries(draft.value as object), ['a', 1]]) as [
        string,
        unknown,
      ];
      const more = JSON.stringify({ [name]: member }).slice(1, -1);
      return asBytes(draft, textOfBody(draft).replace(/^\{/, `{${more},${more},`).replace(/,\}$/, '}'));
    },
    true,
  ),
  mutation(
    'very deep nesting',
    (draft, random) =>
      asBytes(draft, nested(random.pick([10_000, 100_000]), random.pick(['list', 'object'])).slice(0, 250_000)),
    true,
  ),
  mutation('nothing', (draft) => asBytes(draft, ''), true),
  mutation(
    'no JSON',
    (draft, random) => {
      const text = textOfBody(draft);
      return asBytes(
        draft,
        random.pick([text.slice(0, -1), `${text}x`, `${text}${text}`, '\u0000', "{'a':1}", `${text},`, '<a/>', 'NaN']),
      );
    },
    true,
  ),
  mutation('blanks around it', (draft) => asBytes(draft, ` \r\n\t${textOfBody(draft)}\n `)),
  mutation('a byte order mark', (draft) => asBytes(draft, `\ufeff${textOfBody(draft)}`)),
  mutation('escapes everywhere', (draft) => {
    const escape = (text: string) =>
      [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    return asBytes(
      draft,
      textOfBody(draft).replaceAll(/"([A-Za-z0-9]+)"/g, (_, text: string) => `"${escape(text)}"`),
    );
  }),
  mutation(
    'too large',
    (draft, random) => ({
      ...withHeader(
        asBytes(draft, `{"reason":"${'x'.repeat(random.pick([262_130, 2_097_200, 3_000_000]))}"}`),
        'Connection',
        'keep-alive',
      ),
      keepsAlive: true,
    }),
    true,
  ),
  mutation(
    'another media type',
    (draft, random) =>
      withHeader(
        draft,
        'Content-Type',
        random.pick([
          undefined,
          'text/plain',
          'application/xml',
          'multipart/form-data',
          'json',
          '',
          ';',
          'application/json5',
        ]),
      ),
    true,
  ),
  mutation('another form of the media type', (draft, random) => {
    const types = [
      'application/json;charset=UTF-8',
      'APPLICATION/JSON',
      'application/json; charset="utf-8"',
      'application/json;',
    ];
    return withHeader(
      draft,
      'Content-Type',
      random.pick([...types, 'application/json; a=b; charset=utf8', 'application/json; charset=utf-8; charset=utf-16']),
    );
  }),
  mutation(
    'another charset',
    (draft, random) =>
      withHeader(draft, 'Content-Type', `application/json; charset=${random.pick(['utf-16', 'latin1', 'x', 'utf-7'])}`),
    true,
  ),
  mutation('compressed', (draft) =>
    withHeader(asBytes(draft, gzipSync(textOfBody(draft))), 'Content-Encoding', 'gzip'),
  ),
  mutation(
    'a small text that becomes a large one',
    (draft) => withHeader(asBytes(draft, BOMB), 'Content-Encoding', 'gzip'),
    true,
  ),
  mutation(
    'not compressed as it says',
    (draft, random) =>
      withHeader(draft, 'Content-Encoding', random.pick(['gzip', 'br', 'deflate', 'zstd', 'x', 'gzip, gzip'])),
    true,
  ),
  mutation('in chunks', (draft) => ({ ...draft, framing: 'chunked' })),
  mutation(
    'in broken chunks',
    (draft, random) => ({
      ...withHeader(draft, 'Transfer-Encoding', 'chunked'),
      ...asBytes(
        draft,
        random.pick(['zz\r\n', '5\r\nab\r\n0\r\n\r\n', 'ffffffffffffffffff\r\na', '-1\r\n\r\n', '1;x\r\na\r\n']),
      ),
      headers: [...draft.headers, ['Transfer-Encoding', 'chunked']],
      framing: 'by-headers',
      ending: 'ends',
    }),
    true,
  ),
  mutation(
    'cut off',
    (draft, random) => {
      const body = bodyOf(draft) ?? Buffer.alloc(0);
      const cut = asBytes(draft, body.subarray(0, random.int(Math.max(0, body.length - 1))));
      return { ...withHeader(cut, 'Content-Length', String(body.length)), framing: 'by-headers', ending: 'ends' };
    },
    true,
  ),
  mutation(
    'longer than it says',
    (draft) => {
      const body = bodyOf(draft) ?? Buffer.alloc(0);
      return { ...withHeader(draft, 'Content-Length', String(Math.max(0, body.length - 3))), framing: 'by-headers' };
    },
    true,
  ),
  mutation('given up half-way', (draft, random) => {
    const body = bodyOf(draft) ?? Buffer.alloc(0);
    const cut = asBytes(draft, body.subarray(0, random.int(body.length)));
    return { ...withHeader(cut, 'Content-Length', String(body.length + 9)), framing: 'by-headers', ending: 'leaves' };
  }),
];
