import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { rsaFolder, seedCertificates, seedKeyFolder, setMachineGuid } from '../../lab/pc/seeding.js';
import { startPcProduct, SID, type PcProduct } from '../support/pc.js';
import { BEFORE, certificate, fileOf, GUID, request, RUNBOOK } from '../support/rsa-keys.js';
import { aKerberosWinRm, type KerberosWinRm } from '../support/winrm.js';

/**
 * A job over WinRM with Kerberos as over SSH: the same PC (Wine), the same runbook. The service of WinRM is a **double** (lab/winrm), the KDC
 * (Samba) and the PowerShell behind it are real.
 */
let lab: PcProduct;
let endpoint: KerberosWinRm;
beforeAll(async () => {
  lab = await startPcProduct('PC-WINRM', async (pc) => {
    endpoint = await aKerberosWinRm('winrm-pc', { server: [pc.server] });
    const { domain, double } = endpoint;
    const spn = `host/${double.address}`;
    const account = (who: 'reader' | 'writer') => ({
      reference: `secret://file${domain.keytabs[who]}`,
      principal: `svc-${who === 'reader' ? 'read' : 'write'}@${domain.realm}`,
      kdcs: [domain.address],
      hosts: [`${double.address}:${double.httpPort}`, `${double.address}:9`],
    });
    return {
      transport: { type: 'winrm', host: double.address, port: double.httpPort, auth: 'kerberos', spn },
      ...{ reader: account('reader'), writer: account('writer') },
      direct: await endpoint.kerberos(),
      stop: () => endpoint.stop(),
    };
  });
  await rsaFolder(lab.pc);
  await setMachineGuid(lab.pc, GUID);
  const person = { userSid: SID, sipAddress: 'bobk@contoso.test' };
  for (const runbook of ['clear-credential-vault', 'renew-user-certificate'])
    expect((await lab.plan(runbook, person)).state).toBe('compliant');
  const consent = { kind: 'rsa-keys', subjectSid: SID, evidence: 'By phone, ticket 7' };
  expect((await lab.product.call('helpdesk2', 'POST', '/v1/consents', consent)).status).toBe(201);
  await seedKeyFolder(lab.pc, SID, ['x'], BEFORE);
  for (const step of [1, 2]) expect((await lab.plan(RUNBOOK, request(step))).state).toBe('compliant');
});
afterAll(() => lab?.stop());

const both = (job: any) => lab.approve(job, 'approver', 'approver2');
const there = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : undefined);

describe('a job over WinRM', () => {
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
    expect([sent > 2, done]).toMatchObject([true, { state: 'succeeded', outcome: 'fixed' }]);
    const aside = `.rbk-${job.id.replaceAll('-', '')}`;
    expect(there(folder)).toEqual([`${fileOf('k1')}${aside}`, `${fileOf('k2')}${aside}`].sort());
  });

  it('is planned as the reader, approved, changed as the writer, proved and rolled back; every message is sealed', async () => {
    const folder = await seedKeyFolder(lab.pc, SID, ['one', 'two'], BEFORE);
    const job = await lab.plan(RUNBOOK, request(4));
    expect(job).toMatchObject({ state: 'awaiting-approval', plan: { risk: 'R3' } });
    const done = await both(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    const aside = `${folder}.rbk-${job.id.replaceAll('-', '')}`;
    expect([there(folder), there(aside)]).toEqual([undefined, ['one', 'two']]);
    const undone = await both(await lab.rollback(job));
    expect(undone).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect([there(folder), there(aside)]).toEqual([['one', 'two'], undefined]);
    const requests = endpoint.double.requests();
    expect(requests.filter(({ isSealed }) => !isSealed)).toEqual([]);
    const users = new Set(requests.map(({ user }) => user.toLowerCase().split('@')[0]));
    expect([...users].sort()).toEqual(['svc-read', 'svc-write']);
  });

  it('is deferred while nobody answers there, and is blocked by what the endpoint or the scope refuses', async () => {
    const { transport } = (await lab.product.call('admin', 'GET', '/v1/targets/PC-WINRM')).body;
    const away = { ...transport, port: 9 };
    await lab.product.call('admin', 'PATCH', '/v1/targets/PC-WINRM', { transport: away });
    const job = await lab.plan(RUNBOOK, request(1));
    expect(job).toMatchObject({ state: 'deferred', code: 'unreachable' });
    await lab.product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'enough' });
    const missing = { ...transport, configurationName: 'Missing' };
    await lab.product.call('admin', 'PATCH', '/v1/targets/PC-WINRM', { transport: missing });
    expect(await lab.plan(RUNBOOK, request(1))).toMatchObject({ state: 'blocked', code: 'endpoint-missing' });
    const unknown = { ...transport, spn: 'host/nobody.contoso.test' };
    await lab.product.call('admin', 'PATCH', '/v1/targets/PC-WINRM', { transport: unknown });
    // The credential may not be used with that host: the KDC is not even asked.
    expect(await lab.plan(RUNBOOK, request(1))).toMatchObject({ state: 'blocked', code: 'credential-out-of-scope' });
    await lab.product.call('admin', 'PATCH', '/v1/targets/PC-WINRM', { transport });
    expect((await lab.plan(RUNBOOK, request(1))).state).toBe('compliant');
  });
});
