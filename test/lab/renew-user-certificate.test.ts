import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { SECURE_MAIL } from '../../lab/pc/certificate.js';
import { addCertificates, certificatesOf, seedCertificates, type SeededCertificate } from '../../lab/pc/seeding.js';
import { DAY, SID, startPcProduct, type PcProduct } from '../support/pc.js';

const RUNBOOK = 'renew-user-certificate';
const BOB = { userSid: SID, sipAddress: 'bobk@contoso.test' };
const ISSUER = 'CN=Communications Server';
let lab: PcProduct;
beforeAll(async () => {
  lab = await startPcProduct('PC-CERT');
});
afterAll(() => lab?.stop());

const old = (more: Partial<SeededCertificate> = {}): SeededCertificate => ({
  issuer: ISSUER,
  subject: 'CN=bobk@contoso.test',
  notBefore: new Date(Date.now() - 30 * DAY),
  notAfter: new Date(Date.now() + 150 * DAY),
  ...more,
});
/** Issued after any request of this file. */
const enrolled = () => old({ notBefore: new Date(Date.now() + DAY) });
const mail = () => old({ issuer: 'CN=Contoso CA', usages: [SECURE_MAIL], container: 'mail' });
const thumbprints = (job: any): string[] => job.plan.changes.map(({ resource }: any) => resource.split('/').pop());

describe('a job', () => {
  it('deletes what is older than the request, keeps the public part, and has nothing to do the second time', async () => {
    const [first = '', second = '', newer = '', other = ''] = await seedCertificates(lab.pc, [
      old({ container: 'sign-in' }),
      old({ subject: 'CN=BOBK@contoso.test' }),
      enrolled(),
      mail(),
    ]);
    const job = await lab.plan(RUNBOOK, BOB);
    expect(thumbprints(job).sort()).toEqual([first, second].sort());
    expect(job.findings.certificates).toHaveLength(3);
    expect(JSON.stringify(job.findings)).not.toContain('Contoso CA');
    const done = await lab.approve(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await certificatesOf(lab.pc)).toEqual([newer, other].sort());
    const kept = done.changes.map(({ backupRef }: any) =>
      createHash('sha1').update(Buffer.from(backupRef, 'base64')).digest('hex').toUpperCase(),
    );
    expect(kept).toEqual(thumbprints(job));
    expect((await lab.plan(RUNBOOK, BOB)).state).toBe('compliant');
    // What the client enrols by itself at the next sign-in is the aim.
    await addCertificates(lab.pc, [enrolled()]);
    expect((await lab.plan(RUNBOOK, BOB)).state).toBe('compliant');
    const undo = await lab.product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'undo' });
    expect([undo.status, undo.body.code]).toEqual([409, 'no-rollback']);
  });

  it('ends already-fine if someone else deleted the certificate meanwhile', async () => {
    await seedCertificates(lab.pc, [old()]);
    const job = await lab.plan(RUNBOOK, BOB);
    await seedCertificates(lab.pc, [mail()]);
    expect(await lab.approve(job)).toMatchObject({ state: 'succeeded', outcome: 'already-fine' });
    expect(await certificatesOf(lab.pc)).toHaveLength(1);
  });

  it('returns to the approver if there is one certificate more than approved', async () => {
    await seedCertificates(lab.pc, [old()]);
    const job = await lab.plan(RUNBOOK, BOB);
    await addCertificates(lab.pc, [old()]);
    await lab.product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, {
      decision: 'approve',
      planDigest: job.plan.digest,
      reason: 'ok',
    });
    let now = job;
    while (now.code !== 'state-drift') now = await lab.product.until(job.id, ['awaiting-approval']);
    expect(now.plan.changes).toHaveLength(2);
    expect(await certificatesOf(lab.pc)).toHaveLength(2);
    await lab.product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'enough' });
  });

  it('whose engine is killed between two changes is reconciled without a person, and each certificate is deleted once', async () => {
    await seedCertificates(lab.pc, [old(), old(), mail()]);
    const job = await lab.plan(RUNBOOK, BOB);
    let sent = 0;
    lab.meddler.before = (phase) => {
      if (phase.endsWith('/Apply.ps1') && ++sent === 2) lab.killEngine();
    };
    const done = await lab.approve(job);
    lab.meddler.before = undefined;
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(sent).toBe(3);
    expect(done.changes.map(({ result }: any) => result)).toEqual(['changed', 'changed']);
    expect(await certificatesOf(lab.pc)).toHaveLength(1);
  });

  it('is blocked while the clock of the PC is ten minutes off', async () => {
    lab.meddler.clockOffsetMs = 600_000;
    expect(await lab.plan(RUNBOOK, BOB)).toMatchObject({ state: 'blocked', code: 'clock-skew' });
    lab.meddler.clockOffsetMs = 0;
  });

  it.each([
    ['every user at once', { ...BOB, userSid: 'S-1-5-21-*' }],
    ['a wildcard for an address', { ...BOB, sipAddress: '*@contoso.test' }],
    ['two lines for an address', { ...BOB, sipAddress: 'bobk@contoso.test\n' }],
    ['a context that is not offered', { ...BOB, context: 'offline' }],
  ])('is not taken for %s', async (_, parameters) => {
    const request = { runbook: RUNBOOK, target: 'PC-CERT', parameters, reason: 'story' };
    expect((await lab.product.call('helpdesk', 'POST', '/v1/jobs', request)).body).toMatchObject({
      code: 'invalid-parameters',
    });
  });
});

describe('Detect and Plan on the PC', () => {
  const supplied = { requestedAtTargetUtc: new Date().toISOString(), userSession: 'direct' };
  const given = { ...BOB, ...supplied };

  it('keep the prefix property for every number of deletions, each of which is done once', async () => {
    await seedCertificates(lab.pc, [mail(), old(), old(), old(), enrolled()]);
    const whole = (await lab.direct.observe(RUNBOOK, given)).changes;
    expect(whole).toHaveLength(3);
    for (let k = 0; k < whole.length; k++) {
      expect(await lab.direct.apply(RUNBOOK, given, whole[k])).toMatchObject({ outcome: 'changed' });
      expect(await lab.direct.apply(RUNBOOK, given, whole[k])).toEqual({ outcome: 'noop' });
      expect((await lab.direct.observe(RUNBOOK, given)).changes).toEqual(whole.slice(k + 1));
    }
  });

  it('take an address for what it is, as Windows writes it in a subject', async () => {
    for (const sipAddress of ["o'brien@contoso.test", 'a+b@contoso.test', '%path%@contoso.test']) {
      await seedCertificates(lab.pc, [old({ subject: `CN=${sipAddress}` })]);
      const seen = await lab.direct.observe(RUNBOOK, { ...given, sipAddress });
      expect([sipAddress, seen.changes.length]).toEqual([sipAddress, 1]);
    }
  });

  it.each<[string, object, SeededCertificate[], string]>([
    ['another user’s session', { userSid: 'S-1-5-21-1-2-3-1001' }, [], 'wrong-logon-session'],
    ['another subject', {}, [old(), old({ subject: 'CN=alice@contoso.test' })], 'subject-mismatch'],
    ['more in the subject', {}, [old({ subject: 'CN=bobk@contoso.test,O=Evil' })], 'subject-mismatch'],
    ['a look-alike', {}, [old({ subject: 'CN=bob\u00adk@contoso.test' })], 'subject-mismatch'],
  ])('refuse %s', async (_, more, certificates, code) => {
    const seeded = await seedCertificates(lab.pc, certificates);
    expect(await lab.direct.observe(RUNBOOK, { ...given, ...more })).toBe(code);
    expect(await lab.pc.hand.ask('certificates')).toHaveLength(seeded.length);
  });

  it('leave other issuers and, where asked, other subjects alone', async () => {
    const [mine] = await seedCertificates(lab.pc, [
      old(),
      old({ subject: 'CN=alice@contoso.test' }),
      old({ issuer: 'CN=communications server' }),
      old({ issuer: 'CN=Communications Server,O=Evil' }),
    ]);
    const seen = await lab.direct.observe(RUNBOOK, { ...given, otherSubjects: 'leave' });
    expect(seen.changes.map(({ resource }: any) => resource)).toEqual([`cert:${SID}/CurrentUser/My/${mine}`]);
  });

  it('are followed by an Apply that deletes nothing but a certificate of this issuer and user', async () => {
    const [, other = ''] = await seedCertificates(lab.pc, [old(), mail()]);
    const change = (resource: string) => ({ resource, property: 'certificate', before: 'present', after: 'absent' });
    const apply = (resource: string) => lab.direct.apply(RUNBOOK, given, change(resource));
    expect(await apply(`cert:${SID}/CurrentUser/My/${other}`)).toBe('state-drift');
    expect(await apply(`cert:S-1-5-21-1-2-3-1001/CurrentUser/My/${other}`)).toBe('path-outside-root');
    expect(await apply(`cert:${SID}/CurrentUser/My/*`)).toBe('invalid-value');
    expect(await lab.pc.hand.ask('certificates')).toHaveLength(2);
  });
});
