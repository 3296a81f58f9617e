import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestProduct, type TestProduct } from '../support/product.js';
import { type Who } from '../support/people.js';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
});
afterAll(() => product?.stop());

const SID = 'S-1-5-21-1-2-3-1001';
const record = (more: object, who: Who = 'helpdesk') =>
  product.call(who, 'POST', '/v1/consents', { kind: 'rsa-keys', subjectSid: SID, evidence: 'Ticket 1', ...more });
const list = async (query = '') => (await product.call('helpdesk', 'GET', `/v1/consents${query}`)).body;

describe('recording a consent', () => {
  it.each<[string, object, string]>([
    ['an unknown kind', { kind: 'everything' }, '/kind'],
    ['a kind that is no text', { kind: ['rsa-keys'] }, '/kind'],
    ['a wildcard', { subjectSid: 'S-1-5-21-*' }, '/subjectSid'],
    ['a group', { subjectSid: 'S-1-5-32-544' }, '/subjectSid'],
    ['a SID with a line break after it', { subjectSid: `${SID}\n` }, '/subjectSid'],
    ['a SID in small letters', { subjectSid: SID.toLowerCase() }, '/subjectSid'],
    ['a name', { subjectSid: 'CONTOSO\\bobk' }, '/subjectSid'],
    ['no evidence', { evidence: '' }, '/evidence'],
    ['evidence of blanks', { evidence: '  \n\t ' }, '/evidence'],
    ['evidence with NUL', { evidence: 'a\0b' }, '/evidence'],
    ['evidence with a terminal’s escape', { evidence: 'ok\u001b[2J' }, '/evidence'],
    ['evidence with an escape of one byte', { evidence: 'ok\u009b2J' }, '/evidence'],
    ['evidence that overwrites its line', { evidence: 'refused\ragreed' }, '/evidence'],
    ['evidence that turns its text round', { evidence: 'agreed\u202eton' }, '/evidence'],
    ['evidence with letters nobody sees', { evidence: 'agr\u200beed' }, '/evidence'],
    ['half a character', { evidence: 'ok\ud83d' }, '/evidence'],
    ['evidence without end', { evidence: 'x'.repeat(1001) }, '/evidence'],
    ['another’s name', { recordedBy: { id: 'admin', name: 'x' } }, '/recordedBy'],
    ['a time of one’s own', { recordedAt: '2020-01-01T00:00:00.000Z' }, '/recordedAt'],
  ])('refuses %s, names the path, stores nothing', async (_, more, path) => {
    const { status, body } = await record(more);
    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(body.errors.map((error: any) => error.path)).toContain(path);
    expect((await list()).items).toEqual([]);
  });

  it.each<[Who, number]>([
    ['helpdesk', 201],
    ['operator', 201],
    ['admin', 201],
    ['approver', 403],
    ['auditor', 403],
  ])('%s gets %d', async (who, status) =>
    expect((await record({ subjectSid: 'S-1-5-21-9-9-9-1' }, who)).status).toBe(status),
  );

  it('stores who, when and what, and is in the audit log without the evidence', async () => {
    const evidence = '工單 4711：使用者同意。\nBy phone, O’Brien 😀';
    const { status, body } = await record({ evidence, kind: 'protected-keys' });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        kind: 'protected-keys',
        subjectSid: SID,
        evidence,
        recordedBy: { id: 'helpdesk', name: 'The helpdesk' },
        recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ]);
    expect((await list(`?subjectSid=${SID}`)).items).toEqual([body]);
    const audit = (await product.call('auditor', 'GET', '/v1/audit?action=consent.recorded')).body.items;
    const event = audit.at(-1);
    expect([event.actor.id, event.data]).toEqual([
      'helpdesk',
      { consent: body.id, kind: 'protected-keys', subjectSid: SID },
    ]);
  });

  it('is paged without gaps, oldest first', async () => {
    const subjectSid = 'S-1-12-1-1-2-3-4';
    for (const n of [1, 2, 3]) await record({ subjectSid, evidence: `n ${n}` });
    const first = await list(`?subjectSid=${subjectSid}&limit=2`);
    const second = await list(`?subjectSid=${subjectSid}&limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map((consent: any) => consent.evidence)).toEqual(['n 1', 'n 2', 'n 3']);
    expect(second.next).toBeNull();
  });
});
