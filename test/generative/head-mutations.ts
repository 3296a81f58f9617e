import { randomBytes } from 'node:crypto';
import { PEOPLE, type Who } from '../support/people.js';
import { withHeader, type Draft } from './draft.js';
import type { Operation } from './document.js';
import type { Mutation } from './mutation.js';
import { rightful } from './valid.js';

const creates = ({ creates: asksForKey }: Operation) => asksForKey;
const takes = (header: string) => (operation: Operation) => operation.parameters.some(({ name }) => name === header);
const header =
  (name: string, values: readonly (string | undefined)[]): Mutation['change'] =>
  (draft, random) =>
    withHeader(draft, name, random.pick(values));
const authorised = (draft: Draft, token: string) => withHeader(draft, 'Authorization', `Bearer ${token}`);
const mayRefuse = (name: string, change: Mutation['change'], fits?: Mutation['fits']): Mutation => ({
  name,
  change,
  ...(fits ? { fits } : {}),
});
const refuses = (name: string, change: Mutation['change'], fits?: Mutation['fits']): Mutation => ({
  ...mayRefuse(name, change, fits),
  refused: true,
});

const HUGE = '9'.repeat(400);

export const HEAD_MUTATIONS: readonly Mutation[] = [
  refuses('authorization: none', header('Authorization', [undefined])),
  refuses(
    'authorization: malformed',
    header('Authorization', [
      '',
      'Bearer',
      'Basic YTpi',
      'Bearer fxp_x',
      `Bearer ${'a'.repeat(4000)}`,
      'Bearer fxp_\xff',
    ]),
  ),
  refuses('authorization: a revoked token', (draft, _, { oddTokens }) => authorised(draft, oddTokens.revoked)),
  refuses('authorization: an expired token', (draft, _, { oddTokens }) => authorised(draft, oddTokens.expired)),
  refuses('authorization: a wrong secret', (draft, _, { product }) =>
    authorised(
      draft,
      product.tokens.admin.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')).replace(/_[^_]{4}/, '_AAAA'),
    ),
  ),
  mayRefuse('authorization: a service token', (draft, _, { oddTokens }) => authorised(draft, oddTokens.service)),
  mayRefuse('authorization: anybody', (draft, random, { product }) =>
    authorised(draft, product.tokens[random.pick(Object.keys(PEOPLE) as Who[])]),
  ),
  refuses(
    'authorization: without the right',
    (draft, random, { product }) => {
      const others = (Object.keys(PEOPLE) as Who[]).filter((who) => !rightful(draft.operation).includes(who));
      return authorised(draft, product.tokens[random.pick(others)]);
    },
    (operation) => rightful(operation).length < Object.keys(PEOPLE).length,
  ),
  mayRefuse('authorization: twice', (draft, _, { product, oddTokens }) =>
    withHeader(draft, 'Authorization', `Bearer ${product.tokens.admin}`, `Bearer ${oddTokens.revoked}`),
  ),
  refuses('key: none', header('Idempotency-Key', [undefined, '']), creates),
  refuses(
    'key: malformed',
    header('Idempotency-Key', ['a b', 'x'.repeat(201), '\xfc', 'a\tb', 'x'.repeat(5000)]),
    creates,
  ),
  refuses('key: twice', (draft) => withHeader(draft, 'Idempotency-Key', 'one', 'two'), creates),
  mayRefuse('key: used for something else', header('Idempotency-Key', ['same-1', 'same-2', 'same-3']), creates),
  mayRefuse(
    'if-match',
    header('If-Match', ['*', '"0"', '"1"', '"2"', 'W/"1"', '""', `"${HUGE}"`, '"1","2","3"']),
    takes('If-Match'),
  ),
  refuses(
    'if-match: malformed',
    header('If-Match', ['1', '"', '*, "1"', 'W/', '"\xff"', '"1" "2"', `"${'x'.repeat(1000)}"`, 'w/"1"']),
    takes('If-Match'),
  ),
  mayRefuse('if-match: twice', (draft) => withHeader(draft, 'If-Match', '"1"', '"2"'), takes('If-Match')),
  mayRefuse('if-none-match', header('If-None-Match', ['*', '"1"', 'W/"1"', 'x', '"1", "2", "3", "4"'])),
  mayRefuse(
    'last-event-id',
    header('Last-Event-ID', ['0', '1', '999999999999999', '000000000000001', '']),
    takes('Last-Event-ID'),
  ),
  refuses(
    'last-event-id: malformed',
    header('Last-Event-ID', ['-1', '1.5', 'x', HUGE, '9999999999999999', '1e3', '0x10']),
    takes('Last-Event-ID'),
  ),
  mayRefuse(
    'accept',
    header('Accept', ['application/xml', '*/*;q=0', 'text/html', 'x', '', 'a/b;;;', `${'a/b,'.repeat(900)}c/d`]),
  ),
  mayRefuse(
    'accept-language',
    header('Accept-Language', ['zh-TW', 'zh-tw;q=1', '*', 'x;q=a', '-', 'en;q=0, zh-TW', `${'en,'.repeat(1500)}de`]),
  ),
  mayRefuse('accept-encoding', header('Accept-Encoding', ['gzip', 'br;q=1, *;q=0', 'identity;q=0'])),
  mayRefuse(
    'traceparent',
    header('traceparent', [
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      '00-00000000000000000000000000000000-0000000000000000-00',
      'x',
      'ff-0-0-0',
      '00-' + 'g'.repeat(32),
      '\xff',
    ]),
  ),
  mayRefuse('traceparent: twice', (draft) => withHeader(draft, 'traceparent', 'a', 'b')),
  mayRefuse('forwarded', header('X-Forwarded-For', ['10.0.0.1', 'x', ','.repeat(500), '\xff'])),
  mayRefuse('range', header('Range', ['bytes=0-1', 'bytes=9-1', 'x'])),
  mayRefuse('x-http-method-override', header('X-HTTP-Method-Override', ['DELETE', 'x'])),
  mayRefuse('expect', header('Expect', ['100-continue', '200-ok', 'x'])),
  mayRefuse('upgrade', (draft, random) =>
    withHeader(withHeader(draft, 'Upgrade', random.pick(['websocket', 'h2c', 'x'])), 'Connection', 'Upgrade, close'),
  ),
  refuses('headers: too large', (draft) => withHeader(draft, 'X-Large', 'x'.repeat(20_000))),
  mayRefuse('headers: many', (draft) => ({
    ...draft,
    headers: [...draft.headers, ...Array.from({ length: 1200 }, (_, i) => [`X-${i}`, ''] as const)],
  })),
  refuses('headers: a name that is none', (draft, random) => ({
    ...draft,
    headers: [...draft.headers, [random.pick(['a b', '', 'ä', 'a(']), 'x']],
  })),
  refuses('headers: a control character', (draft, random) =>
    withHeader(draft, 'X-Control', random.pick(['a\0b', 'a\x01b', 'a\rb', '\x7f'])),
  ),
  mayRefuse('headers: bytes beyond ASCII', (draft) => withHeader(draft, 'X-Bytes', '\xff\xfe\xc3')),
  refuses(
    'headers: two lengths',
    (draft) => withHeader(draft, 'Content-Length', '3', '4'),
    ({ body }) => body !== undefined,
  ),
  refuses('headers: length and chunks', (draft) => ({
    ...withHeader(withHeader(draft, 'Content-Length', '5'), 'Transfer-Encoding', 'chunked'),
    framing: 'by-headers',
    ending: 'ends',
  })),
  refuses('headers: a transfer coding that is none', (draft, random) => ({
    ...withHeader(draft, 'Transfer-Encoding', random.pick(['x', 'gzip', 'chunked, x'])),
    framing: 'by-headers',
    ending: 'ends',
  })),
  refuses('headers: no host', header('Host', [undefined])),
  refuses('headers: two hosts', (draft) => withHeader(draft, 'Host', 'a', 'b')),
  mayRefuse('headers: another host', header('Host', ['', 'evil.example', '[::1', 'a:b:c', '\xff'])),
  mayRefuse('version', (draft, random) => ({
    ...draft,
    version: random.pick(['HTTP/1.0', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/9.9', 'http/1.1', '']),
    ending: 'ends',
  })),
  mayRefuse(
    'method: head',
    (draft) => ({ ...draft, method: 'HEAD' }),
    ({ method }) => method === 'GET',
  ),
  mayRefuse('method: options', (draft) => ({ ...draft, method: 'OPTIONS' })),
  mayRefuse('method: another', (draft, random) => ({
    ...draft,
    method: random.pick(['GET', 'POST', 'PATCH', 'DELETE', 'PUT']),
  })),
  refuses('method: unusual', (draft, random) => ({
    ...draft,
    method: random.pick(['TRACE', 'PROPFIND', 'LINK', 'PURGE', 'QUERY', 'SEARCH', 'M-SEARCH']),
  })),
  refuses('method: none that is known', (draft, random) => ({
    ...draft,
    method: random.pick(['FOO', 'get', '', 'G\0T', 'PRI', 'CONNECT']),
  })),
  mayRefuse('connection: nonsense before the request', (draft, random) => ({
    ...draft,
    version: 'HTTP/1.1',
    method: `${random.pick(['\r\n', '\r\n\r\n', '\n'])}${draft.method}`,
  })),
  mayRefuse(
    'connection: sent twice',
    (draft) => ({ ...draft, repeats: true }),
    ({ streams }) => !streams,
  ),
  mayRefuse(
    'connection: rubbish behind',
    (draft, random) => ({ ...draft, rubbish: random.pick(['rubbish\r\n\r\n', '\0\0', 'GET\r\n\r\n']) }),
    ({ streams }) => !streams,
  ),
  mayRefuse('connection: given up', (draft) => ({ ...draft, ending: 'leaves' })),
  mayRefuse('connection: ended by the client', (draft) => ({ ...draft, ending: 'ends' })),
  mayRefuse('connection: kept', (draft) => ({
    ...draft,
    keepsAlive: true,
    headers: [...draft.headers, ['X-Nonce', randomBytes(4).toString('hex')]],
  })),
];
