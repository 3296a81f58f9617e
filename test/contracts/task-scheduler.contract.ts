import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LogonSession } from '../../lab/task-scheduler/index.js';
import type { PhaseScript, Session } from '../../src/ports/powershell-host.js';
import { run, scriptOf } from '../support/user-session.js';
import { until } from '../support/patience.js';

/** A Task Scheduler under test: the functions of the module `task-scheduler`, and a hand on the world they speak of. */
export interface SchedulerUnderTest {
  readonly session: Session;
  readonly modules: readonly PhaseScript[];
  logOn(sessions: readonly LogonSession[] | 'unknown'): Promise<void>;
  /** Ends what runs, with an exit code. */
  finish(exitCode: number): Promise<void>;
  /** The sessions in which something was started so far, in order. */
  startedIn(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

const BOB = 'S-1-5-21-0-0-0-1000';
const EVE = 'S-1-5-21-0-0-0-1001';
const NAME = `fixpoint-${'a'.repeat(32)}`;

/** What the module `user-session` counts on, whoever schedules. */
export function taskSchedulerContract(what: string, make: () => Promise<SchedulerUnderTest>): void {
  describe(`the task scheduler contract: ${what}`, () => {
    let it_: SchedulerUnderTest;
    let before: number;
    beforeAll(async () => {
      it_ = await make();
    });
    afterAll(() => it_?.stop());
    beforeEach(async () => {
      await it_.logOn([{ sid: BOB, session: 2 }]);
      before = (await it_.startedIn()).length;
    });

    const call = (text: string) =>
      run(it_.session, {
        script: scriptOf('contract', `[CmdletBinding()] param()\n${text}`),
        modules: it_.modules,
        parameters: {},
      });
    const register = (sid = BOB) =>
      call(
        `Register-UserTask -Name '${NAME}' -UserSid '${sid}' -Command 'C:\\x.exe' -Arguments '-a "b c"' -LimitSeconds 30`,
      );
    const start = (session = 2) => call(`Start-UserTask -Name '${NAME}' -SessionId ${session}`);
    const read = async () => (await call(`Read-UserTask -Name '${NAME}'`)).output;
    const remove = () => call(`Unregister-UserTask -Name '${NAME}'`);
    const started = async () => (await it_.startedIn()).slice(before);
    const ended = async () => {
      let task: { state: string } | undefined;
      await until('it ends', async () => {
        [task] = (await read()) as { state: string }[];
        return task?.state === 'ready';
      });
      return task;
    };

    it('knows nothing of a task that is not there', async () => {
      expect(await read()).toEqual([]);
      expect((await remove()).code).toBeUndefined();
      expect((await call(`Stop-UserTask -Name '${NAME}'`)).code).toBeUndefined();
    });

    it('registers without running, and one of a name only', async () => {
      expect((await register()).code).toBeUndefined();
      expect(await read()).toEqual([{ state: 'ready', result: 267011 }]);
      expect((await register()).code).toBe('user-session-busy');
      await remove();
      expect(await read()).toEqual([]);
      expect(await started()).toEqual([]);
    });

    it('starts in exactly the session that was named, once, and says how it ended', async () => {
      await it_.logOn([
        { sid: BOB, session: 2 },
        { sid: BOB, session: 5 },
      ]);
      await register();
      expect((await start(5)).code).toBeUndefined();
      expect(await read()).toEqual([{ state: 'running', result: 267009 }]);
      expect((await start(5)).code).toBe('user-session-busy');
      expect(await started()).toEqual([5]);
      await it_.finish(7);
      expect(await ended()).toEqual({ state: 'ready', result: 7 });
      await remove();
    });

    it.each<[string, LogonSession[]]>([
      ['nobody', []],
      ['somebody else', [{ sid: EVE, session: 2 }]],
      ['the user, elsewhere', [{ sid: BOB, session: 4 }]],
    ])('starts nothing where %s is logged on', async (_, sessions) => {
      await register();
      await it_.logOn(sessions);
      expect((await start()).code).toBe('user-not-logged-on');
      expect(await started()).toEqual([]);
      expect(await read()).toEqual([{ state: 'ready', result: 267011 }]);
      await remove();
    });

    it('stops what runs', async () => {
      await register();
      await start();
      await call(`Stop-UserTask -Name '${NAME}'`);
      expect(((await ended()) as { result?: number }).result).toBe(267014);
      await remove();
    });

    it('says who is logged on where, and an error is not nobody', async () => {
      const sessions = async (sid: string) => (await call(`Get-LogonSession -UserSid '${sid}'`)).output;
      await it_.logOn([
        { sid: BOB, session: 7 },
        { sid: EVE, session: 3 },
        { sid: BOB, session: 2 },
      ]);
      expect([await sessions(BOB), await sessions(EVE), await sessions('S-1-5-21-0-0-0-1')]).toEqual([[2, 7], [3], []]);
      await it_.logOn('unknown');
      expect((await call(`Get-LogonSession -UserSid '${BOB}'`)).code).toBe('inconclusive');
    });
  });
}
