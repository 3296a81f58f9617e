import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aBrokerPc, asUser, SID, type BrokerPc } from '../support/broker.js';

let pc: BrokerPc;
beforeAll(async () => {
  pc = await aBrokerPc('PC-8');
}, 120_000);
afterAll(() => pc?.stop(), 60_000);

describe('a phase as the user', () => {
  it('tries', async () => {
    await pc.scheduler.logOn([{ sid: SID, session: 3 }]);
    const ran = await asUser(
      pc.session,
      `[CmdletBinding()] param($Parameters)
$PSCmdlet.WriteVerbose('hello')
[ordered]@{ a = 1; list = @(1, 2); one = @(5); none = @(); text = "x'\`"\u00e9"; p = $Parameters.userSid }`,
    );
    console.log(JSON.stringify(ran, null, 1), pc.scheduler.started, await pc.scheduler.registered());
    expect(ran.code).toBeUndefined();
  }, 120_000);
});
