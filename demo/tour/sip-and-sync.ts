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
  stage.heading('Users who are not SIP enabled: enable them, then synchronize');
  const job = await stage.planned(enable('This sign-in address was not found'));
  if (job.state === 'compliant') return say('  Nobody is left disabled: nothing to do.');
  expect(
    'only who is affected is in the plan, with a value before and after',
    job.plan?.changes.every(({ before, after }) => before === 'FALSE' && after === 'TRUE') === true,
  );
  const early = await stage.refused(() => stage.submit(sync('Synchronize already?', job.id)));
  say(`  Synchronize before that? ${early.code}. ${early.message}`);
  expect('a synchronization does not run ahead of the change', early.code === 'precondition-missing');
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
  expect('the changed users were exported, seen in the run history', proved.state === 'succeeded');
}
