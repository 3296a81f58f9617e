import { join } from 'node:path';
import { changeDirectory } from '../../lab/index.js';
import type { Stage } from './stage.js';

const titleOf = (identity: string, value: string, reason: string) => ({
  runbook: 'update-ad-attribute',
  target: 'contoso',
  parameters: { identity, attribute: 'title', operation: 'set', value },
  reason,
});

/** One attribute of one user, put back by a rollback. */
export async function directoryAttribute(stage: Stage): Promise<void> {
  const { expect } = stage;
  stage.heading("A wrong entry in the directory: Pat O'Brien's title");
  const value = `Chief Writer ${new Date().toISOString().slice(11, 19)}`;
  const title = await stage.planned(titleOf("o'brien", value, 'New role since Monday'));
  expect('one change, before and after', title.plan?.changes.length === 1 && title.plan.changes[0]?.after === value);
  const fixed = await stage.carriedOut(title, 'Confirmed with the manager');
  expect('the directory was changed and read again', fixed.state === 'succeeded' && fixed.outcome === 'fixed');

  stage.heading('Put it back: a rollback is a job of its own');
  const undo = await stage.rollback(title, 'It was the other colleague');
  const undone = await stage.carriedOut(undo, 'Back to what it was');
  expect(
    'the rollback restored what was before',
    undone.state === 'succeeded' && undo.plan?.changes[0]?.after === title.plan?.changes[0]?.before,
  );
}

/** The world changes between approval and run. */
export async function stalePlan(stage: Stage): Promise<void> {
  const { say, expect, home } = stage;
  stage.heading('The world changes between approval and run: a stale plan is not carried out');
  const job = await stage.planned(titleOf('alice', `Principal ${Date.now()}`, 'Promotion'));
  await changeDirectory(
    { directory: join(home, 'lab', 'domain') },
    `dn: CN=Alice Young,OU=Staff,DC=contoso,DC=test\nchangetype: modify\nreplace: title\ntitle: Changed by somebody else ${Date.now()}\n-\n`,
  );
  say('  Meanwhile somebody else changes the title in the directory itself. The approval comes for the old plan …');
  await stage.decide('approver', job, 'approve', 'Fine');
  const drifted = await stage.until(
    job.id,
    ({ plan, state, code }) =>
      state !== 'queued' && state !== 'running' && (code === 'state-drift' || plan?.digest !== job.plan?.digest),
  );
  stage.report(drifted);
  expect(
    'a stale plan is refused and the new one waits for approval',
    drifted.state === 'awaiting-approval' && drifted.code === 'state-drift',
  );
  const rejected = await stage.decide('approver', drifted, 'reject', 'Talk to the other team first');
  expect('the new plan is rejected', rejected.state === 'rejected');
  say('  The approver rejects the new plan.');
}

/** What does not fit is refused before anything is stored, or before anything is done. */
export async function badRequests(stage: Stage): Promise<void> {
  const { say, expect } = stage;
  stage.heading('A request that does not fit is refused before anything is stored');
  const parameters = { identity: 'alice', attribute: 'memberOf', operation: 'set', value: 'x', force: true };
  const unknown = await stage.refused(() =>
    stage.submit({ runbook: 'update-ad-attribute', target: 'contoso', parameters, reason: 'Try' }),
  );
  const errors = unknown.problem.errors as readonly { path: string; message: string }[];
  for (const { path, message } of errors)
    say(`  ${path} ${message.length > 70 ? `${message.slice(0, 70)}…` : message}`);
  expect(
    'an unknown parameter is refused by name',
    unknown.code === 'invalid-parameters' && errors.some(({ path }) => path === '/parameters/force'),
  );
  const two = await stage.planned(titleOf('Kim Lee', 'x', 'Which one?'));
  expect('a name that two people have is refused', two.state === 'blocked' && two.code === 'target-ambiguous');
}
