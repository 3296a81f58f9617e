import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { machineGuid, rsaFolder, seedCertificates, seedKeyFolder, setMachineGuid } from '../../lab/pc/seeding.js';
import { SID, startPcProduct, type PcProduct } from '../support/pc.js';
import { AFTER, BEFORE, certificate, fileOf, given, GUID, OTHER_SID, request, RUNBOOK } from '../support/rsa-keys.js';

let lab: PcProduct;
let windows: string;
beforeAll(async () => {
  lab = await startPcProduct('PC-KEYS');
  windows = (await rsaFolder(lab.pc)).windows;
  await setMachineGuid(lab.pc, GUID);
});
afterAll(() => lab?.stop());

const observe = (step: number, more: object = {}) => lab.direct.observe(RUNBOOK, given(step, more));
const both = (job: any) => lab.approve(job, 'approver', 'approver2');
const there = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : undefined);

describe('the escalation, one step per job', () => {
  it('refuses without the steps before and the user’s consent, then fixes the machine’s GUID with two approvals', async () => {
    await setMachineGuid(lab.pc, `{${GUID}}`);
    expect(await lab.plan(RUNBOOK, request(1))).toMatchObject({ state: 'blocked', code: 'precondition-missing' });
    const person = { userSid: SID, sipAddress: 'bobk@contoso.test' };
    expect((await lab.plan('clear-credential-vault', person)).state).toBe('compliant');
    expect((await lab.plan('renew-user-certificate', person)).state).toBe('compliant');
    expect(await lab.plan(RUNBOOK, request(1))).toMatchObject({ state: 'blocked', code: 'consent-missing' });
    const consent = { kind: 'rsa-keys', subjectSid: SID, evidence: 'By phone, ticket 7' };
    expect((await lab.product.call('helpdesk2', 'POST', '/v1/consents', consent)).status).toBe(201);
    const job = await lab.plan(RUNBOOK, request(1));
    expect(job.plan).toMatchObject({ risk: 'R3', changes: [{ before: `{${GUID}}`, after: GUID }] });
    expect(JSON.stringify(job.claims)).toContain('By phone, ticket 7');
    const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
    await lab.product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, decision);
    expect(await machineGuid(lab.pc)).toBe(`{${GUID}}`);
    expect(await lab.approve(job, 'approver2')).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await machineGuid(lab.pc)).toBe(GUID);
    expect((await lab.plan(RUNBOOK, request(1))).state).toBe('compliant');
  });

  it('finds the folder’s rights as they should be', async () => {
    await seedKeyFolder(lab.pc, SID, ['x'], BEFORE);
    const job = await lab.plan(RUNBOOK, request(2));
    expect(job).toMatchObject({ state: 'compliant', findings: { folder: { ownerSid: SID, inherited: true } } });
  });

  it('sets aside only the key files that belong, hidden and read-only ones too', async () => {
    await seedCertificates(lab.pc, [certificate('sign-in-1'), certificate('sign-in-2'), certificate('sign-in-3')]);
    const [first, second, newer] = [fileOf('sign-in-1'), fileOf('sign-in-2'), fileOf('sign-in-3')] as const;
    const folder = await seedKeyFolder(lab.pc, SID, [first, fileOf('of nobody known')], BEFORE);
    await addFile(folder, second, BEFORE);
    await addFile(folder, newer, AFTER);
    await lab.pc.hand.ask('set-attributes', `${windows}\\${SID}\\${first}`, 'ReadOnly, Hidden');
    const job = await lab.plan(RUNBOOK, request(3));
    expect(job.plan.changes.map(({ resource }: any) => resource.split('\\').pop()).sort()).toEqual(
      [first, second].sort(),
    );
    expect(await both(job)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    const aside = `.rbk-${job.id.replaceAll('-', '')}`;
    expect(there(folder)).toEqual([`${first}${aside}`, `${second}${aside}`, fileOf('of nobody known'), newer].sort());
    expect((await observe(3)).changes).toEqual([]);
  });

  it('sets the whole folder aside, leaves other SIDs alone, and restores it beside a newer folder', async () => {
    const folder = await seedKeyFolder(lab.pc, SID, ['one', 'two'], BEFORE);
    const other = await seedKeyFolder(lab.pc, OTHER_SID, ['moved here'], BEFORE);
    const job = await lab.plan(RUNBOOK, request(4));
    expect(job.findings.otherSidFolders).toEqual([OTHER_SID]);
    const done = await both(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    const aside = `${folder}.rbk-${job.id.replaceAll('-', '')}`;
    expect([there(folder), there(aside), there(other)]).toEqual([undefined, ['one', 'two'], ['moved here']]);
    expect(done.changes[0].backupRef).toBe(`${windows}\\${SID}.rbk-${job.id.replaceAll('-', '')}`);
    // The client makes new keys at the next sign-in: that is the aim, and nothing to do.
    await seedKeyFolder(lab.pc, SID, ['new'], AFTER);
    expect((await observe(4)).changes).toEqual([]);
    const undone = await both(await lab.rollback(job));
    expect(undone).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect([there(folder), there(aside)]).toEqual([['one', 'two'], undefined]);
    expect(there(`${folder}.new-${job.id.replaceAll('-', '')}`)).toEqual(['new']);
  });

  it('whose engine is killed between two changes is reconciled without a person, and each file is renamed once', async () => {
    await seedCertificates(lab.pc, [certificate('k1'), certificate('k2')]);
    const folder = await seedKeyFolder(lab.pc, SID, [fileOf('k1'), fileOf('k2')], BEFORE);
    const job = await lab.plan(RUNBOOK, request(3));
    let sent = 0;
    lab.meddler.before = (phase) => {
      if (phase.endsWith('/Apply.ps1') && ++sent === 2) lab.killEngine();
    };
    const done = await both(job);
    lab.meddler.before = undefined;
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    const aside = `.rbk-${job.id.replaceAll('-', '')}`;
    expect(there(folder)).toEqual([`${fileOf('k1')}${aside}`, `${fileOf('k2')}${aside}`].sort());
  });

  it('goes back to the approvers when one more file belongs than was approved', async () => {
    await seedCertificates(lab.pc, [certificate('k1'), certificate('k2')]);
    const folder = await seedKeyFolder(lab.pc, SID, [fileOf('k1')], BEFORE);
    const job = await lab.plan(RUNBOOK, request(3));
    await addFile(folder, fileOf('k2'), BEFORE);
    for (const who of ['approver', 'approver2'] as const)
      await lab.product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, {
        decision: 'approve',
        planDigest: job.plan.digest,
        reason: 'ok',
      });
    let now = job;
    while (now.code !== 'state-drift') now = await lab.product.until(job.id, ['awaiting-approval']);
    expect(there(folder)).toEqual([fileOf('k1'), fileOf('k2')].sort());
    await lab.product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'enough' });
  });

  it('is blocked while the clock of the PC is ten minutes off', async () => {
    lab.meddler.clockOffsetMs = -600_000;
    expect(await lab.plan(RUNBOOK, request(1))).toMatchObject({ state: 'blocked', code: 'clock-skew' });
    lab.meddler.clockOffsetMs = 0;
  });

  it.each([
    ['every user at once', { userSid: 'S-1-5-21-*', confirmSid: 'S-1-5-21-*' }],
    ['the beginning of a SID', { userSid: 'S-1-5-21-0-0-0', confirmSid: 'S-1-5-21-0-0-0' }],
    ['no typed SID', { confirmSid: undefined }],
    ['a step that is none', { step: 5 }],
  ])('is not taken for %s', async (_, more) => {
    const body = { runbook: RUNBOOK, target: 'PC-KEYS', parameters: request(1, more), reason: 'story' };
    expect((await lab.product.call('helpdesk', 'POST', '/v1/jobs', body)).body).toMatchObject({
      code: 'invalid-parameters',
    });
  });
});

async function addFile(folder: string, name: string, at: Date): Promise<void> {
  writeFileSync(join(folder, name), 'not a key');
  await utimes(join(folder, name), at, at);
  await utimes(folder, BEFORE, BEFORE);
}
