import { afterAll, describe, expect, it } from '@jest/globals';
import { taskSchedulerContract } from '../../contracts/task-scheduler.contract.js';
import { REAL_SCHEDULER, run, scriptOf } from '../../support/user-session.js';
import { theRealModuleOnFakeCom } from '../../support/fake-com.js';
import { aHost } from '../../support/hosts.js';

const { host, close } = aHost();
afterAll(() => close());

taskSchedulerContract('the module for Windows over a double of its COM objects', () => theRealModuleOnFakeCom(host));

describe('the module for Windows', () => {
  it('registers a task that only the product can start, as the user, without elevation, with a time limit', async () => {
    const com = await theRealModuleOnFakeCom(host);
    const text = `[CmdletBinding()] param() Register-UserTask -Name 'fixpoint-x' -UserSid 'S-1-5-21-1-2-3-4' -Command 'C:\\x.exe' -Arguments '-a "b c"' -LimitSeconds 45`;
    await run(com.session, { script: scriptOf('register', text), modules: com.modules, parameters: {} });
    expect(await com.inspect()).toEqual([
      {
        principal: { UserId: 'S-1-5-21-1-2-3-4', LogonType: 3, RunLevel: 0 },
        settings: {
          AllowDemandStart: true,
          Hidden: true,
          MultipleInstances: 2,
          DisallowStartIfOnBatteries: false,
          StopIfGoingOnBatteries: false,
          ExecutionTimeLimit: 'PT45S',
        },
        triggers: 0,
        actions: [{ Kind: 0, Path: 'C:\\x.exe', Arguments: '-a "b c"' }],
        sddl: 'D:P(A;;FA;;;SY)(A;;FA;;;BA)',
      },
    ]);
    await com.stop();
  });

  it('says module-missing where there is no Task Scheduler', async () => {
    const opened = await host.open({ kind: 'local' });
    if (!opened.ok) throw new Error('no session');
    const { code } = await run(opened.value, {
      script: scriptOf('none', "[CmdletBinding()] param() Read-UserTask -Name 'x'"),
      modules: [REAL_SCHEDULER],
      parameters: {},
    });
    expect(code).toBe('module-missing');
    await opened.value.close();
  });
});
