import type { Stage } from './stage.js';

const request = {
  runbook: 'renew-user-certificate',
  target: 'PC-1',
  parameters: { userSid: 'S-1-5-21-0-0-0-1000', sipAddress: 'bobk@contoso.test' },
};

/** The user's sign-in certificate; what cannot be undone says so. */
export async function certificate(stage: Stage): Promise<void> {
  const { say, expect } = stage;
  stage.heading('A personal certificate no longer works: renew it on PC-1');
  const job = await stage.planned({ ...request, reason: 'A problem acquiring a personal certificate' });
  if (job.state === 'compliant') return say('  There is no old certificate: nothing to do, nothing to approve.');
  expect(
    'the plan names one certificate of Communications Server and no other',
    job.plan?.changes.length === 1 && job.plan.changes[0]?.action === 'delete-certificate',
  );
  const done = await stage.carriedOut(job, 'Issued by Communications Server to this user');
  expect('the old certificate is gone; the client enrols a new one at its next sign-in', done.state === 'succeeded');
  const undo = await stage.refused(() => stage.rollback(job, 'Restore it'));
  say(`  A rollback is requested: refused (${undo.code}). ${undo.message}`);
  expect('a rollback is refused where a change cannot be undone', undo.code === 'no-rollback');
  const again = await stage.planned({ ...request, reason: 'Once more, to be sure' });
  expect('a second request for the certificate finds nothing to do', again.state === 'compliant');
}
