import { join } from 'node:path';
import { changeDirectory } from '../../lab/index.js';
import type { Stage } from './stage.js';

const titleOf = (identity: string, value: string, reason: string) => ({
  runbook: 'update-ad-attribute',
  target: 'contoso',
  parameters: { identity, attribute: 'title', operation: 'set', value },
  reason,
});

/** One attribute of one user, restored by a rollback. */
export async function directoryAttribute(stage: Stage): Promise<void> {
  const { expect } = stage;
  stage.heading("A wrong value in the directory: Pat O'Brien's title");
  const value = `Chief Writer ${new Date().toISOString().slice(11, 19)}`;
  const title = await stage.planned(titleOf("o'brien", value, 'New role since Monday'));
  expect(
    'the plan has one change, with the value before and after',
    title.plan?.changes.length === 1 && title.plan.changes[0]?.after === value,
  );
  const fixed = await stage.carriedOut(title, 'Confirmed with the manager');
  expect(
    'the directory was changed, and read again to prove it',
    fixed.state === 'succeeded' && fixed.outcome === 'fixed',
  );

  stage.heading('Undo it: a rollback is a job with a plan and an approval of its own');
  const undo = await stage.rollback(title, 'It was the other colleague');
  const undone = await stage.carriedOut(undo, 'Back to what it was');
  expect(
    'the rollback restored the value before',
    undone.state === 'succeeded' && undo.plan?.changes[0]?.after === title.plan?.changes[0]?.before,
  );
}

/** The target changes between approval and run. */
export async function stalePlan(stage: Stage): Promise<void> {
  const { say, expect, home } = stage;
  stage.heading('The target changes after the approval: the old plan is not applied');
  const job = await stage.planned(titleOf('alice', `Principal ${new Date().toISOString().slice(11, 19)}`, 'Promotion'));
  await changeDirectory(
    { directory: join(home, 'lab', 'domain') },
    `dn: CN=Alice Young,OU=Staff,DC=contoso,DC=test\nchangetype: modify\nreplace: title\ntitle: Lead ${new Date().toISOString().slice(11, 19)}\n-\n`,
  );
  say('  Somebody else changes the title in the directory. Then the approval arrives:');
  await stage.decide('approver', job, 'approve', 'Fine');
  const drifted = await stage.until(
    job.id,
    ({ plan, state, code }) =>
      state !== 'queued' && state !== 'running' && (code === 'state-drift' || plan?.digest !== job.plan?.digest),
  );
  stage.report(drifted);
  expect(
    'a stale plan is not applied; the new one waits for approval',
    drifted.state === 'awaiting-approval' && drifted.code === 'state-drift',
  );
  const rejected = await stage.decide('approver', drifted, 'reject', 'Talk to the other team first');
  expect('the new plan is rejected', rejected.state === 'rejected');
  say('  The approver reviews the new plan and rejects it.');
}

/** Invalid requests are refused before anything is stored, or before anything is changed. */
export async function badRequests(stage: Stage): Promise<void> {
  const { say, expect } = stage;
  stage.heading('An invalid request is refused before anything is stored');
  const parameters = { identity: 'alice', attribute: 'memberOf', operation: 'set', value: 'x', force: true };
  const unknown = await stage.refused(() =>
    stage.submit({ runbook: 'update-ad-attribute', target: 'contoso', parameters, reason: 'Try' }),
  );
  const errors = unknown.problem.errors as readonly { path: string; message: string }[];
  for (const { path, message } of errors)
    say(`  ${path} ${message.length > 70 ? `${message.slice(0, 70)}…` : message}`);
  expect(
    'an unknown parameter is refused by its name',
    unknown.code === 'invalid-parameters' && errors.some(({ path }) => path === '/parameters/force'),
  );
  const two = await stage.planned(titleOf('Kim Lee', 'x', 'Which one?'));
  expect('an ambiguous name is refused', two.state === 'blocked' && two.code === 'target-ambiguous');
}
