import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apiRoutes } from '../../src/http/app.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { PEOPLE, type Who } from '../support/people.js';
import { count, isProblem, product, request, submit, withProduct } from '../support/requests.js';

withProduct();

describe('bad requests get a problem with a stable code, and nothing is stored', () => {
  it.each<[string, object, number, string]>([
    ['an unknown runbook', { runbook: 'no-such' }, 404, 'runbook-not-found'],
    ['an unknown target', { target: 'no-such' }, 404, 'target-not-found'],
    ['an unknown member', { force: true }, 400, 'invalid-request'],
    ['no reason', { reason: '' }, 400, 'invalid-request'],
    ['a reason with NUL', { reason: 'a\0b' }, 400, 'invalid-request'],
    ['a reason with an escape sequence', { reason: 'a\u001b[31m' }, 400, 'invalid-request'],
    ['a wrong type', { parameters: 'text' }, 400, 'invalid-request'],
    ['a path outside the schema', { parameters: { directory: '../etc', names: ['a'] } }, 400, 'invalid-parameters'],
    [
      'an injection in a name',
      { parameters: { directory: '/tmp', names: ["'; Remove-Item /; '"] } },
      400,
      'invalid-parameters',
    ],
    [
      'a look-alike in a name',
      { parameters: { directory: '/tmp', names: ['ad\u00admin'] } },
      400,
      'invalid-parameters',
    ],
    ['a trailing newline', { parameters: { directory: '/tmp', names: ['a\n'] } }, 400, 'invalid-parameters'],
    ['a supplied value', { parameters: { directory: '/tmp', names: ['a'], jobId: 'mine' } }, 400, 'invalid-parameters'],
    [
      'a job to replace that is not there',
      { supersedes: '01890000-0000-7000-8000-000000000001' },
      409,
      'not-supersedable',
    ],
    ['a job to replace whose id is none', { supersedes: '-'.repeat(36) }, 400, 'invalid-request'],
  ])('%s', async (_, more, status, code) => {
    const before = await count();
    const answer = await submit(more);
    expect([answer.status, isProblem(answer).code]).toEqual([status, code]);
    expect(await count()).toBe(before);
  });

  it('lists every path that does not fit', async () => {
    const answer = await submit({ parameters: { directory: 7, names: ['A', 'b', 'C'], extra: 1 } });
    expect(
      isProblem(answer)
        .errors.map(({ path }: { path: string }) => path)
        .sort(),
    ).toEqual(['/parameters/directory', '/parameters/extra', '/parameters/names/0', '/parameters/names/2']);
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ['no JSON', '{"a":', { 'content-type': 'application/json' }, 400, 'malformed-json'],
    ['another type', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['too large', JSON.stringify({ reason: 'x'.repeat(300_000) }), {}, 413, 'body-too-large'],
    ['too deep', `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`, {}, 400, 'body-too-deep'],
    ['a list', '[]', {}, 400, 'invalid-request'],
    ['no key', JSON.stringify(request()), { 'idempotency-key': '' }, 400, 'idempotency-key-required'],
  ])('a body that is %s', async (_, body, headers, status, code) => {
    const answer = await product.call('helpdesk', 'POST', '/v1/jobs', body, headers);
    expect([answer.status, isProblem(answer).code]).toEqual([status, code]);
  });

  it.each(['2026-99-99T99:99:99.999Z', '2026-02-30T10:00:00.000Z', '2016-12-31T23:59:60.000Z'])(
    'a decision until %s, which is no time',
    async (executeBy) => {
      const { body } = await submit();
      const job = await product.until(body.id, ['awaiting-approval']);
      const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'x', executeBy };
      const answer = await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, decision);
      const { code, errors } = isProblem(answer);
      expect([code, [...new Set(errors?.map(({ path }: { path: string }) => path))]]).toEqual([
        'invalid-request',
        ['/executeBy'],
      ]);
      expect((await product.call('helpdesk', 'GET', `/v1/jobs/${job.id}`)).body.approvals).toEqual([]);
    },
  );

  it('a hundred kilobytes of hostile text in a parameter reaches the script as data or is refused', async () => {
    const text = `'";$(throw)\`\u2018\u2019\u201c\u201d\0\n`.repeat(4000);
    const { status, body } = await submit({ parameters: { directory: '/tmp', names: ['none-such-file'], text } });
    expect(status).toBe(201);
    const job = await product.until(body.id, ['awaiting-approval', 'blocked']);
    expect(job.plan.changes[0].after).toBe(text);
  });

  it.each([[undefined], ['fxp_x'], [`fxp_${'0'.repeat(16)}_${'A'.repeat(43)}`]])(
    'without a valid token: %s',
    async (token) => {
      const answer = await product.call(
        undefined,
        'GET',
        '/v1/jobs',
        undefined,
        token === undefined ? {} : { authorization: `Bearer ${token}` },
      );
      expect([answer.status, isProblem(answer).code]).toEqual([401, 'not-signed-in']);
    },
  );

  it.each([
    ['no JSON', '{"a":'],
    ['too large', JSON.stringify({ reason: 'x'.repeat(300_000) })],
  ])('without a token, a body that is %s is not read', async (_, body) => {
    const answer = await product.call(undefined, 'POST', '/v1/jobs', body);
    expect([answer.status, isProblem(answer).code]).toEqual([401, 'not-signed-in']);
  });

  it('an unknown path, an unknown id, another person’s job', async () => {
    isProblem(await product.call('admin', 'GET', '/v2/nothing'));
    for (const id of ['x', '%00', "'; DROP TABLE jobs", '01890000-0000-7000-8000-000000000001']) {
      expect((await product.call('admin', 'GET', `/v1/jobs/${encodeURIComponent(id)}`)).status).toBe(404);
    }
    const { body } = await submit();
    expect((await product.call('helpdesk2', 'GET', `/v1/jobs/${body.id}`)).status).toBe(404);
    expect((await product.call('auditor', 'GET', `/v1/jobs/${body.id}`)).status).toBe(200);
  });
});

describe('every route', () => {
  it('names the right it needs and refuses everybody without it', async () => {
    const routes = apiRoutes(product.api.context);
    expect(routes.length).toBeGreaterThan(20);
    for (const route of routes) {
      const path = `/v1${route.path.replace(':id', '01890000-0000-7000-8000-000000000001')}`;
      if (path.endsWith('/events')) continue;
      expect(
        (await product.call(undefined, route.method.toUpperCase(), path, route.method === 'post' ? {} : undefined))
          .status,
      ).toBe(401);
      if (route.judgesItself) continue;
      for (const who of Object.keys(PEOPLE) as Who[]) {
        const allowed = !BUILT_IN_RIGHTS.denialAnywhere({ id: who, roles: PEOPLE[who] }, route.action);
        const { status } = await product.call(
          who,
          route.method.toUpperCase(),
          path,
          route.method === 'get' || route.method === 'delete' ? undefined : {},
        );
        expect([who, route.path, status === 403]).toEqual([who, route.path, !allowed]);
      }
    }
  });

  it('is in the OpenAPI document, with its body', async () => {
    const { body } = await product.call(undefined, 'GET', '/v1/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const route of apiRoutes(product.api.context)) {
      const operation = body.paths[`/v1${route.path.replaceAll(/\/:([a-z]+)/g, '/{$1}')}`]?.[route.method];
      expect(operation?.summary).toBe(route.summary);
      expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
    }
  });

  it('never fails on anything that JSON can say', async () => {
    const paths = [
      '/v1/jobs',
      '/v1/targets',
      '/v1/consents',
      '/v1/freeze',
      '/v1/jobs/x/decision',
      '/v1/jobs/01890000-0000-7000-8000-000000000001/cancel',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            runbook: fc.jsonValue(),
            target: fc.string(),
            parameters: fc.object({ maxDepth: 3 }),
            reason: fc.string(),
          }),
        ),
        fc.string(),
        async (path, body, query) => {
          const { status } = await product.call(
            'admin',
            'POST',
            `${path}?cursor=${encodeURIComponent(query)}`,
            body ?? null,
          );
          expect(status).toBeLessThan(500);
          expect(
            (
              await product.call(
                'admin',
                'GET',
                `/v1/jobs?cursor=${encodeURIComponent(query)}&state=${encodeURIComponent(query)}&target=${encodeURIComponent(query)}`,
              )
            ).status,
          ).toBeLessThan(500);
        },
      ),
      { numRuns: 400 },
    );
    await product.call('operator', 'DELETE', '/v1/freeze');
  });
});
