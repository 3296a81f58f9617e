import type { Stage } from './stage.js';

const enable = (reason: string) => ({
  runbook: 'enable-sip-user',
  target: 'contoso',
  parameters: { searchBase: 'OU=Staff,DC=contoso,DC=test', maxObjects: 5 },
  reason,
});
const sync = (reason: string, follows: string) => ({
  runbook: 'trigger-directory-sync',
  target: 'sync-1',
  parameters: { policyType: 'Delta' },
  reason,
  follows,
});

/** Users who were left disabled, then the synchronization that carries them: two jobs that name each other. */
export async function sipAndSync(stage: Stage): Promise<void> {
  const { say, expect } = stage;
  stage.heading('Users are not enabled for SIP: enable them, then synchronize');
  const job = await stage.planned(enable('This sign-in address was not found'));
  if (job.state === 'compliant') return say('  Every user is enabled: nothing to do.');
  expect(
    'the plan has only the affected users',
    job.plan?.changes.every(({ before, after }) => before === 'FALSE' && after === 'TRUE') === true,
  );
  const early = await stage.refused(() => stage.submit(sync('Synchronize already?', job.id)));
  say(`  Synchronize before that: refused (${early.code}). ${early.message}`);
  expect('a synchronization cannot run before the change', early.code === 'precondition-missing');
  const done = await stage.carriedOut(job, 'The old server is gone for good', ['approver', 'approver2']);
  expect('the affected users are enabled', done.state === 'succeeded' && done.outcome === 'fixed');

  const cycle = await stage.planned(sync('Carry the change to the tenant', job.id));
  expect('a cycle that began before the change does not count', cycle.plan?.changes.length === 1);
  const carried = await stage.carriedOut(cycle, 'After the change of the directory');
  const proved =
    carried.state === 'waiting'
      ? await stage.until(carried.id, ({ state }) => state !== 'waiting' && state !== 'running')
      : carried;
  if (proved !== carried) stage.report(proved);
  expect('the run history shows that the changed users were exported', proved.state === 'succeeded');
}
