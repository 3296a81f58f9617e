import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EFS, SECURE_MAIL } from '../../lab/pc/certificate.js';
import {
  addCertificates,
  machineGuid,
  rsaFolder,
  seedCertificates,
  seedKeyFolder,
  setMachineGuid,
  type SeededCertificate,
} from '../../lab/pc/seeding.js';
import { SID, startPcProduct, type PcProduct } from '../support/pc.js';
import { BEFORE, certificate, consent, fileOf, given, GUID, OTHER_SID, RUNBOOK } from '../support/rsa-keys.js';

let lab: PcProduct;
let windows: string;
beforeAll(async () => {
  lab = await startPcProduct('PC-KEYS');
  windows = (await rsaFolder(lab.pc)).windows;
  await setMachineGuid(lab.pc, GUID);
});
afterAll(() => lab?.stop());

const observe = (step: number, more: object = {}) => lab.direct.observe(RUNBOOK, given(step, more));
const there = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : undefined);

describe('the phases on the PC', () => {
  const files = ['c1', 'c2', 'c3'];

  it('keep the prefix property for every number of files, there and back', async () => {
    await seedCertificates(
      lab.pc,
      files.map((name) => certificate(name)),
    );
    await seedKeyFolder(
      lab.pc,
      SID,
      files.map((name) => fileOf(name)),
      BEFORE,
    );
    const whole = (await observe(3)).changes;
    expect(whole).toHaveLength(3);
    for (let k = 0; k < whole.length; k++) {
      expect(await lab.direct.apply(RUNBOOK, given(3), whole[k])).toMatchObject({ outcome: 'changed' });
      expect(await lab.direct.apply(RUNBOOK, given(3), whole[k])).toEqual({ outcome: 'noop' });
      expect((await observe(3)).changes).toEqual(whole.slice(k + 1));
    }
    for (let k = whole.length - 1; k >= 0; k--) {
      expect(await lab.direct.rollback(RUNBOOK, given(3), whole[k])).toEqual({ outcome: 'changed' });
      expect(await lab.direct.rollback(RUNBOOK, given(3), whole[k])).toEqual({ outcome: 'noop' });
      expect((await observe(3)).changes).toEqual(whole.slice(k));
    }
  });

  it('restore the machine’s GUID, and change no unexpected value', async () => {
    await setMachineGuid(lab.pc, `{${GUID}}`);
    const [change] = (await observe(1)).changes;
    expect(await lab.direct.apply(RUNBOOK, given(1), change)).toEqual({ outcome: 'changed' });
    expect((await observe(1)).changes).toEqual([]);
    expect(await lab.direct.rollback(RUNBOOK, given(1), change)).toEqual({ outcome: 'changed' });
    expect(await machineGuid(lab.pc)).toBe(`{${GUID}}`);
    await setMachineGuid(lab.pc, 'something else');
    expect(await lab.direct.apply(RUNBOOK, given(1), change)).toBe('state-drift');
    expect(await lab.direct.rollback(RUNBOOK, given(1), change)).toBe('state-drift');
    await setMachineGuid(lab.pc, GUID);
  });

  it('know the file of a container by the name that Windows gives it', async () => {
    // Names of containers that every Windows server with IIS has, and of their files.
    const known: [string, string][] = [
      ['iisConfigurationKey', '6de9cb26d2b98c01ec4e9e8b34824aa2'],
      ['NetFrameworkConfigurationKey', 'd6d986f09a1ee04e24c949879fdb506c'],
      ['iisWasKey', '76944fb33636aeddb9590521c2e8815a'],
    ];
    const [thumbprint] = await seedCertificates(
      lab.pc,
      known.map(([name]) => certificate(name)),
    );
    await seedKeyFolder(
      lab.pc,
      SID,
      known.map(([, hex]) => `${hex}_${GUID}`),
      BEFORE,
    );
    const seen = await observe(3);
    expect(seen.changes).toHaveLength(3);
    expect(seen.state.keyFiles[0]).toMatchObject({ ownedBy: [thumbprint], suffixMatchesMachineGuid: true });
    // A file of another machine’s GUID is not the container’s.
    await seedKeyFolder(lab.pc, SID, [`${known[0]?.[1]}_11111111-2222-3333-4444-555555555555`], BEFORE);
    expect((await observe(3)).changes).toEqual([]);
  });

  it.each<[string, Partial<SeededCertificate>, string]>([
    ['encrypted files', { usages: [EFS] }, 'efs'],
    ['mail', { usages: [SECURE_MAIL] }, 'smime'],
    ['anything else', {}, 'other'],
  ])('refuse at every step while there is a key for %s, and continue with both consents', async (_, more, use) => {
    const [mine] = await seedCertificates(lab.pc, [certificate('mine')]);
    const [theirs] = await addCertificates(lab.pc, [certificate('theirs', { issuer: 'CN=Contoso CA', ...more })]);
    await seedKeyFolder(lab.pc, SID, [fileOf('mine'), fileOf('theirs')], BEFORE);
    expect(await observe(3)).toBe('protected-keys-present');
    expect(await observe(4)).toBe('protected-keys-present');
    expect(await observe(3, { overrideProtectedKeys: true })).toBe('consent-missing');
    const consents = [consent('rsa-keys'), consent('protected-keys')];
    const seen = await observe(3, { overrideProtectedKeys: true, consents });
    expect(seen.state.protectedKeys).toEqual([{ thumbprint: theirs, use }]);
    expect(seen.changes.map(({ resource }: any) => resource)).toEqual([`${windows}\\${SID}\\${fileOf('mine')}`]);
    expect(mine).not.toBe(theirs);
  });

  it('look at a crowded folder: what the step needs is listed, the rest is counted', async () => {
    await seedCertificates(lab.pc, [certificate('mine')]);
    const crowd = Array.from({ length: 1200 }, (_, i) => `${i.toString(16).padStart(32, '0')}_${GUID}`);
    await seedKeyFolder(lab.pc, SID, [...crowd, fileOf('mine')], BEFORE);
    const counts = { total: 1201, olderThanRequest: 1201, communicationsServer: 1, other: 0, nobodyKnown: 1200 };
    await setMachineGuid(lab.pc, `{${GUID}}`);
    const first = await observe(1);
    await setMachineGuid(lab.pc, GUID);
    expect([first.changes.length, first.state.keyFileCounts.total]).toEqual([1, 1201]);
    const third = await observe(3);
    expect(third.changes.map(({ resource }: any) => resource)).toEqual([`${windows}\\${SID}\\${fileOf('mine')}`]);
    expect(third.state.keyFileCounts).toEqual(counts);
    expect(third.state.keyFiles.length).toBeLessThan(100);
    expect((await observe(4)).changes).toHaveLength(1);
    await seedKeyFolder(lab.pc, SID, [], BEFORE);
  });

  it('leave a file alone that another certificate has, too', async () => {
    await seedCertificates(lab.pc, [certificate('shared'), certificate('shared', { issuer: 'CN=Contoso CA' })]);
    await seedKeyFolder(lab.pc, SID, [fileOf('shared')], BEFORE);
    const consents = [consent('rsa-keys'), consent('protected-keys')];
    expect((await observe(3, { overrideProtectedKeys: true, consents })).changes).toEqual([]);
  });

  it.each([
    ['another user’s session', { userSid: OTHER_SID, confirmSid: OTHER_SID }, 'wrong-logon-session'],
    ['another typed SID', { confirmSid: OTHER_SID }, 'invalid-value'],
    ['no consent', { consents: [] }, 'consent-missing'],
    ['a missing step', { escalationWaiver: undefined }, 'precondition-missing'],
  ])('refuse %s', async (_, more, code) => {
    await seedCertificates(lab.pc, [certificate('mine')]);
    const folder = await seedKeyFolder(lab.pc, SID, [fileOf('mine')], BEFORE);
    const parameters = Object.fromEntries(Object.entries(given(3, more)).filter(([, value]) => value !== undefined));
    expect(await lab.direct.observe(RUNBOOK, parameters)).toBe(code);
    expect(there(folder)).toEqual([fileOf('mine')]);
  });

  const LIST = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\';
  it.each([
    ['a roaming profile', `${LIST}${SID}`, 'CentralProfile', '\\\\server\\profiles\\bob', ''],
    ['FSLogix', 'SOFTWARE\\FSLogix\\Profiles', 'Enabled', '1', '0'],
    ['a profile elsewhere', `${LIST}${SID}`, 'ProfileImagePath', 'C:\\users\\somebody', 'C:\\users\\root'],
  ])('refuse %s', async (_, key, name, value, back) => {
    const [was = back] = await lab.pc.hand.ask('get-value', 'HKLM', key, name);
    await lab.pc.hand.ask('set-value', 'HKLM', key, name, value);
    expect(await observe(4)).toBe('profile-unsupported');
    await lab.pc.hand.ask('set-value', 'HKLM', key, name, was);
  });

  it('go through no link, neither the folder nor one above it, before or after the plan', async () => {
    const folder = await seedKeyFolder(lab.pc, SID, ['x'], BEFORE);
    const [change] = (await observe(4)).changes;
    const elsewhere = join(lab.pc.prefix, 'drive_c', 'elsewhere');
    mkdirSync(join(elsewhere, SID), { recursive: true });
    writeFileSync(join(elsewhere, SID, 'precious'), 'x');
    for (const [from, to] of [
      [folder, join(elsewhere, SID)],
      [dirname(folder), elsewhere],
    ] as const) {
      renameSync(from, `${from}.real`);
      symlinkSync(to, from);
      expect(await observe(4)).toBe('reparse-point');
      expect(await lab.direct.apply(RUNBOOK, given(4), change)).toBe('reparse-point');
      expect(there(join(elsewhere, SID))).toEqual(['precious']);
      rmSync(from);
      renameSync(`${from}.real`, from);
    }
  });

  it('defer a file that is open, and rename it when it is closed', async () => {
    await seedCertificates(lab.pc, [certificate('held')]);
    const folder = await seedKeyFolder(lab.pc, SID, [fileOf('held')], BEFORE);
    const [change] = (await observe(3)).changes;
    await lab.pc.hand.ask('hold', `${windows}\\${SID}\\${fileOf('held')}`);
    expect(await lab.direct.apply(RUNBOOK, given(3), change)).toBe('user-logged-on');
    expect(there(folder)).toEqual([fileOf('held')]);
    await lab.pc.hand.ask('release');
    expect(await lab.direct.apply(RUNBOOK, given(3), change)).toMatchObject({ outcome: 'changed' });
  });

  it('rename nothing but a key file or the folder of this user', async () => {
    await seedKeyFolder(lab.pc, SID, ['x'], BEFORE);
    await seedKeyFolder(lab.pc, OTHER_SID, ['x'], BEFORE);
    const apply = (action: string, resource: string, after: string) =>
      lab.direct.apply(RUNBOOK, given(3), { resource, property: 'path', before: 'present', after, action });
    const aside = '.rbk-00000000000000000000000000000001';
    for (const resource of [`${windows}\\${OTHER_SID}`, `${windows}\\${SID}\\..\\${OTHER_SID}`, windows, 'C:\\windows'])
      expect(await apply('quarantine-folder', resource, `${SID}${aside}`)).toBe('path-outside-root');
    for (const leaf of ['x', `..\\${fileOf('a')}`, `${fileOf('a')}:stream`, '*'])
      expect(await apply('quarantine-key-file', `${windows}\\${SID}\\${leaf}`, `${leaf}${aside}`)).toBe(
        'path-outside-root',
      );
    expect(await apply('quarantine-folder', `${windows}\\${SID}`, `${SID}.rbk-other`)).toBe('path-outside-root');
  });
});
