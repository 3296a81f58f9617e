import type { Stage } from './stage.js';

const overWinRm = {
  runbook: 'clear-credential-vault',
  target: 'PC-3',
  parameters: { userSid: 'S-1-5-21-0-0-0-1000', sipAddress: "o'brien@contoso.test" },
};
const request = {
  runbook: 'clear-credential-vault',
  target: 'PC-1',
  parameters: { userSid: 'S-1-5-21-0-0-0-1000', sipAddress: 'bobk@contoso.test' },
};

/** Stored credentials on a PC, with a self-approval refused. */
export async function credentialVault(stage: Stage): Promise<void> {
  const { say, expect } = stage;
  stage.heading('A user cannot sign in: remove the stored credentials on PC-1');
  const job = await stage.planned({ ...request, reason: 'Sign-in fails since the password was changed' });
  if (job.state === 'compliant') return say('  There are no stored credentials: nothing to do, nothing to approve.');
  const ofThatUser = /bobk@contoso\.test:specific:(OCS|EWS):/;
  expect(
    'the plan names only credentials of that user',
    job.plan?.changes.every(({ resource }) => ofThatUser.test(resource)) === true,
  );
  say('  The requester tries to approve the plan:');
  const own = await stage.refused(() => stage.decide('helpdesk', job, 'approve', 'It is fine'));
  say(`  refused (${own.code}). ${own.message}`);
  expect('requesters cannot approve their own requests', own.code === 'own-request');
  say('  Another person reviews the same plan and approves it.');
  const done = await stage.carriedOut(job, 'Only the two entries of this user');
  expect(
    'the stored credentials are gone; a fresh plan is empty',
    done.state === 'succeeded' && done.proofs.length > 0,
  );
  const again = await stage.planned({ ...request, reason: 'Once more, to be sure' });
  expect('a second request finds nothing to do', again.state === 'compliant');
}

/** The same on a PC that is reached over WinRM, as Windows has it built in. Its WinRM service is a double. */
export async function credentialVaultOverWinRm(stage: Stage): Promise<void> {
  const { say, expect } = stage;
  stage.heading('The same over WinRM: remove the stored credential on PC-3');
  say('  PC-3 is reached with Kerberos over WinRM. Its WinRM service is simulated; see the end.');
  const job = await stage.planned({ ...overWinRm, reason: 'Sign-in fails on the other PC, too' });
  if (job.state === 'compliant') return say('  There are no stored credentials: nothing to do, nothing to approve.');
  const done = await stage.carriedOut(job, 'One entry of this user');
  expect('the stored credential is gone over WinRM, too', done.state === 'succeeded' && done.proofs.length > 0);
}
