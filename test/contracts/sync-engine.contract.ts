import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../src/domain/digest.js';
import type { Session } from '../../src/ports/powershell-host.js';
import { HANGS_MS } from '../support/patience.js';

/** A synchronization engine that the contract is run against, with what a test must be able to cause around it. */
export interface SyncEngineUnderTest {
  /** A runspace on its host. */
  session(): Promise<Session>;
  /** Makes a user in the directory that it reads; its objectGUID. */
  addUser(id: string, proxies?: readonly string[]): Promise<string>;
  setTitle(id: string, title: string): Promise<void>;
  deleteUser(id: string): Promise<void>;
  /** Values of an object as the tenant has them. */
  inTenant(guid: string): Promise<Readonly<Record<string, readonly string[]>> | undefined>;
  /** The next cycle stops after beginning this kind of run, until it is let go. */
  hold(profile: string | null): Promise<void>;
  staging(on: boolean): Promise<void>;
  threshold(count: number): Promise<void>;
  /** Ends the engine and starts it over what it stored. */
  restart(): Promise<void>;
}

/** What every engine behind the ADSync commands must do, as `trigger-directory-sync` relies on it. */
export function syncEngineContract(name: string, given: () => SyncEngineUnderTest): void {
  describe(`${name} keeps the contract of a synchronization engine`, () => {
    let session: Session;
    beforeAll(async () => {
      session = await given().session();
    });
    afterAll(() => session?.close());

    const run = async (text: string): Promise<any> => {
      const script = { name: 'contract', text: `[CmdletBinding()] param()\n${text}`, sha256: '' };
      const result = await session.runPhase({
        script: { ...script, sha256: sha256(script.text) },
        modules: [],
        parameters: {},
        timeoutMs: HANGS_MS,
      });
      if (!result.ok) throw new Error(JSON.stringify(result.failure));
      return result.output[0];
    };
    const idle = async () => {
      while ((await run('(Get-ADSyncScheduler).SyncCycleInProgress')) === true)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const cycle = async (policy = 'Delta') => {
      const said = await run(`(Start-ADSyncSyncCycle -PolicyType ${policy}).Result`);
      await idle();
      return said;
    };
    const lastRuns = async (count: number): Promise<string[]> =>
      [
        await run(
          `, @(foreach ($run in @(Get-ADSyncRunProfileResult -NumberRequested ${count})) { $run.RunProfileName + ' ' + $run.Result })`,
        ),
      ].flat();

    it('names the connectors that exist, which are those of a cycle', async () => {
      expect(await cycle()).toBe('Success');
      const names = await run(', @(foreach ($connector in @(Get-ADSyncConnector)) { $connector.Name })');
      const ran = await run(
        ', @(foreach ($run in @(Get-ADSyncRunProfileResult -NumberRequested 6)) { $run.ConnectorName })',
      );
      expect([...new Set([ran].flat())].sort()).toEqual([...[names].flat()].sort());
    });

    it('says of its scheduler what the runbook asks', async () => {
      expect(
        await run(
          '$s = Get-ADSyncScheduler; @{ a = $s.SyncCycleEnabled; b = $s.StagingModeEnabled; c = $s.SchedulerSuspended; d = $s.SyncCycleInProgress; e = $s.NextSyncCycleStartTimeInUTC.GetType().FullName; f = $s.NextSyncCyclePolicyType }',
        ),
      ).toEqual({ a: true, b: false, c: false, d: false, e: 'System.DateTime', f: 'Delta' });
    });

    it('carries a change in a delta, imports before everything else, and says Success at once', async () => {
      const guid = await given().addUser('synced');
      expect(await cycle('Initial')).toBe('Success');
      expect((await given().inTenant(guid))?.title).toBeUndefined();
      await given().setTitle('synced', 'Chief');
      await given().hold('Delta Import');
      expect(await run('(Start-ADSyncSyncCycle -PolicyType Delta).Result')).toBe('Success');
      expect(await run('(Get-ADSyncScheduler).SyncCycleInProgress')).toBe(true);
      await given().hold(null);
      await idle();
      expect((await given().inTenant(guid))?.title).toEqual(['Chief']);
      expect((await lastRuns(6)).reverse()).toEqual([
        'Delta Import success',
        'Delta Import success',
        'Delta Synchronization success',
        'Delta Synchronization success',
        'Export success',
        'Export success',
      ]);
    });

    it('refuses a second cycle while one runs, and misses what is changed after its import', async () => {
      const guid = await given().addUser('missed');
      await cycle();
      await given().hold('Delta Synchronization');
      await run('$null = Start-ADSyncSyncCycle -PolicyType Delta');
      while (!(await lastRuns(1))[0]?.startsWith('Delta Synchronization'))
        await new Promise((resolve) => setTimeout(resolve, 30));
      await given().setTitle('missed', 'Late');
      expect(await run('try { Start-ADSyncSyncCycle -PolicyType Delta } catch { "$_" }')).toContain('is busy');
      expect(await run('@(Get-ADSyncConnectorRunStatus).Length')).toBeGreaterThan(0);
      await given().hold(null);
      await idle();
      expect((await given().inTenant(guid))?.title).toBeUndefined();
      await cycle();
      expect((await given().inTenant(guid))?.title).toEqual(['Late']);
    });

    it('in staging mode says Success and exports nothing', async () => {
      const guid = await given().addUser('staged');
      await given().staging(true);
      expect(await cycle()).toBe('Success');
      expect(await given().inTenant(guid)).toBeUndefined();
      await given().staging(false);
      await cycle();
      expect(await given().inTenant(guid)).toBeDefined();
    });

    it('does not start while its scheduler is suspended', async () => {
      await run('Set-ADSyncScheduler -SchedulerSuspended $true');
      expect(await run('try { Start-ADSyncSyncCycle -PolicyType Delta } catch { "refused" }')).toBe('refused');
      await run('Set-ADSyncScheduler -SchedulerSuspended $false');
      expect(await cycle()).toBe('Success');
    });

    it('reports an address that two objects have as an error of the one object', async () => {
      const first = await given().addUser('first', ['smtp:both@contoso.test']);
      await cycle();
      const second = await given().addUser('second', ['SMTP:both@contoso.test']);
      await cycle();
      expect(await lastRuns(2)).toContain('Export completed-export-errors');
      expect([await given().inTenant(first), await given().inTenant(second)]).toEqual([expect.anything(), undefined]);
      await given().deleteUser('second');
      await cycle();
    });

    it('stops an export that would delete more than the threshold, and goes on with it when that is raised', async () => {
      const guid = await given().addUser('leaver');
      await cycle();
      await given().threshold(0);
      await given().deleteUser('leaver');
      await cycle();
      expect((await lastRuns(1))[0]).toBe('Export stopped-deletion-threshold-exceeded');
      expect(await given().inTenant(guid)).toBeDefined();
      await given().threshold(500);
      await cycle();
      expect(await given().inTenant(guid)).toBeUndefined();
    });

    it('goes on where it was after it was ended hard', async () => {
      const guid = await given().addUser('kept');
      await cycle();
      const runs = await run('@(Get-ADSyncRunProfileResult).Length');
      await given().restart();
      expect(await run('@(Get-ADSyncRunProfileResult).Length')).toBe(runs);
      expect(await given().inTenant(guid)).toBeDefined();
      await given().setTitle('kept', 'Again');
      await cycle();
      expect((await given().inTenant(guid))?.title).toEqual(['Again']);
    });
  });
}
