import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiRoutes } from '../../src/http/app.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { isProblem } from '../support/requests.js';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
});
afterAll(() => product?.stop());

/** A request as these bytes, because a client would not send them. */
function raw(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(product.url).port), '127.0.0.1', () => void socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

function post(path: string, body: Buffer, type = 'application/json'): Promise<string> {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    `Authorization: Bearer ${product.tokens.operator}`,
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    `Idempotency-Key: k${Math.random()}`,
  ];
  return raw(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}

describe('a body', () => {
  it('that is not UTF-8 is refused, and nothing of it is stored', async () => {
    const body = Buffer.concat([Buffer.from('{"reason":"a'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}')]);
    const answer = await post('/v1/freeze', body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed-json"[\s\S]*not valid UTF-8/);
    expect((await product.call('operator', 'GET', '/v1/freeze')).body.frozen).toBe(false);
  });

  it('with a name twice in one object is refused, at any depth, however it is written', async () => {
    const twice = await product.call('operator', 'POST', '/v1/freeze', '{"reason":"a","re\\u0061son":"b"}');
    expect(isProblem(twice)).toMatchObject({
      code: 'invalid-request',
      errors: [{ path: '/reason', code: 'same-name', message: 'is there twice' }],
    });
    const deep = await product.call('helpdesk', 'POST', '/v1/jobs:batch', '{"requests":[{"x":{"a~b":1,"a~b":{}}}]}');
    expect(isProblem(deep).errors.map(({ path }: { path: string }) => path)).toEqual(['/requests/0/x/a~0b']);
    // The same name in two objects is no repetition.
    const fine = await product.call('helpdesk', 'POST', '/v1/jobs:batch', '{"requests":[{"a":1},{"a":1}]}');
    expect(isProblem(fine).errors.some(({ code }: { code: string }) => code === 'same-name')).toBe(false);
  });

  it.each(['application/json; charset=utf-16', 'text/plain', ''])('of the type %p is refused', async (type) => {
    expect(await post('/v1/freeze', Buffer.from('{"reason":"x"}'), type)).toMatch(/^HTTP\/1\.1 415 /);
  });

  it('that nests a hundred thousand levels is refused as too deep', async () => {
    const answer = await product.call('operator', 'POST', '/v1/freeze', '['.repeat(100_000) + ']'.repeat(100_000));
    expect([answer.status, isProblem(answer).code]).toEqual([400, 'body-too-deep']);
  });
});

describe('a request', () => {
  it('that the parser cannot read gets a problem', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json[\s\S]*"code":"malformed-request"/,
    );
    const large = `GET /v1/me HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(large)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers-too-large"/);
  });

  const token = () => `Authorization: Bearer ${product.tokens.operator}`;

  it.each([
    ['no Host', []],
    ['two', ['Host: a', 'Host: b']],
  ])('of HTTP/1.1 with %s gets a problem', async (_, hosts) => {
    const text = await raw(['GET /v1/me HTTP/1.1', ...hosts, token(), 'Connection: close', '', ''].join('\r\n'));
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"malformed-request"/);
  });

  it('may expect what nobody knows', async () => {
    const text = await raw(
      `GET /v1/me HTTP/1.1\r\nHost: localhost\r\n${token()}\r\nExpect: x\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*"id":"operator"/);
  });

  it('for a tunnel gets a problem', async () => {
    const text = await raw('CONNECT example:443 HTTP/1.1\r\nHost: example:443\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed-request"/);
  });

  it('is answered before what cannot be read behind it on its connection', async () => {
    const body = '{"reason":"first"}';
    const head = ['POST /v1/freeze HTTP/1.1', 'Host: localhost', token(), 'Content-Type: application/json'];
    const whole = [...head, `Content-Length: ${body.length}`, '', body].join('\r\n');
    const text = await raw(`${whole}rubbish\r\n\r\n`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(text).toMatch(/"frozen":true[\s\S]*"code":"malformed-request"/);
    await product.call('operator', 'DELETE', '/v1/freeze');
  });

  it('that was answered before its body came gets no second answer', async () => {
    const text = await raw(
      'POST /v1/freeze HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n',
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1);
  });

  it('has one form of address: another case or a slash more is another address', async () => {
    for (const path of ['/V1/me', '/v1/Me', '/v1/me/', '/v1/openapi.json/', '/HEALTHZ', '/metrics/'])
      expect([path, isProblem(await product.call('admin', 'GET', path)).code]).toEqual([path, 'not-found']);
  });

  it('for the head of a stream ends with the head', async () => {
    const text = await raw(`HEAD /v1/events HTTP/1.1\r\nHost: localhost\r\n${token()}\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*text\/event-stream[\s\S]*\r\n\r\n$/);
  });

  it('may ask whether its answer has changed, as the document says', async () => {
    const { body } = await product.call(undefined, 'GET', '/v1/openapi.json');
    const { headers } = await product.call('admin', 'GET', '/v1/me');
    const condition = `If-None-Match: ${headers.get('etag')}\r\nConnection: close\r\n\r\n`;
    const text = await raw(
      `GET /v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${product.tokens.admin}\r\n${condition}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 304 /);
    expect(body.paths['/v1/me'].get.responses['304']).toBeDefined();
    expect(body.paths['/v1/events'].get.responses['304']).toBeUndefined();
  });

  it('with a method that its address does not take gets those that it takes', async () => {
    for (const [method, path, allow] of [
      ['PUT', '/v1/targets', 'GET, HEAD, OPTIONS, POST'],
      ['DELETE', '/v1/jobs:batch', 'OPTIONS, POST'],
      ['PATCH', '/v1/jobs/x', 'GET, HEAD, OPTIONS'],
      ['POST', '/v1/targets/x', 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ] as const) {
      const answer = await product.call('admin', method, path, method === 'DELETE' ? undefined : {});
      expect([answer.status, isProblem(answer).code, answer.headers.get('allow')]).toEqual([
        405,
        'method-not-allowed',
        allow,
      ]);
    }
    const options = await fetch(`${product.url}/v1/targets`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
    expect((await product.call('admin', 'PUT', '/v1/nothing', {})).status).toBe(404);
  });

  it('may write the scheme of its token in any case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const headers = { authorization: `${scheme} ${product.tokens.admin}` };
      expect((await product.call(undefined, 'GET', '/v1/me', undefined, headers)).status).toBe(200);
    }
  });

  it('with a NUL in its path is refused, on every route', async () => {
    for (const { method, path } of apiRoutes(product.api.context).filter(({ path }) => path.includes(':id'))) {
      const body = method === 'get' || method === 'delete' ? undefined : {};
      const answer = await product.call('admin', method.toUpperCase(), `/v1${path.replace(':id', '%00')}`, body);
      expect([path, [400, 403].includes(answer.status)]).toEqual([path, true]);
    }
  });
});

describe('a conditional request', () => {
  let target: string;
  beforeAll(async () => {
    target = `/v1/targets/${await addLocalTarget(product)}`;
  });
  const tag = async () => (await product.call('admin', 'GET', target)).headers.get('etag') ?? '';
  const patch = (match: string) =>
    product.call('admin', 'PATCH', target, { site: `s${Math.random()}` }, { 'if-match': match });

  it('changes a target whose tag is named: alone, in a list, or by *', async () => {
    expect((await patch(await tag())).status).toBe(200);
    expect((await patch(`"x", ${await tag()}`)).status).toBe(200);
    expect((await patch('*')).status).toBe(200);
  });

  it('changes nothing where another tag, or a weak one, is named', async () => {
    const before = await tag();
    for (const match of ['"0"', `W/${before}`, '"x", "y"', '""'])
      expect([match, isProblem(await patch(match)).code]).toEqual([match, 'etag-mismatch']);
    for (const match of ['5', 'x', '"', '*, "1"'])
      expect([match, isProblem(await patch(match)).code]).toEqual([match, 'invalid-header']);
    const removed = await product.call('admin', 'DELETE', target, undefined, { 'if-match': '"0"' });
    expect([removed.status, isProblem(removed).code]).toEqual([412, 'etag-mismatch']);
    expect(await tag()).toBe(before);
  });

  it('removes a target whose tag is named; of a target that is gone nothing matches', async () => {
    const match = { 'if-match': await tag() };
    expect((await product.call('admin', 'DELETE', target, undefined, match)).status).toBe(204);
    expect((await product.call('admin', 'DELETE', target, undefined, match)).status).toBe(404);
    expect((await patch('*')).status).toBe(404);
  });
});

describe('the freeze', () => {
  const freeze = (reason: string) => product.call('operator', 'POST', '/v1/freeze', { reason });
  const events = async (action: string) =>
    (await product.call('auditor', 'GET', `/v1/audit?action=${action}&limit=500`)).body.items.length as number;

  it('keeps its first reason, however many freeze at once, and is one event', async () => {
    const before = await events('freeze.on');
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => freeze(`reason ${i}`)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.reason)).size).toBe(1);
    expect((await freeze('another')).body.reason).toBe(answers[0]?.body.reason);
    expect(await events('freeze.on')).toBe(before + 1);
  });

  it('is lifted once', async () => {
    const before = await events('freeze.off');
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => product.call('operator', 'DELETE', '/v1/freeze')),
    );
    expect(answers.map(({ status, body }) => [status, body.frozen])).toEqual(answers.map(() => [200, false]));
    expect(await events('freeze.off')).toBe(before + 1);
  });
});
