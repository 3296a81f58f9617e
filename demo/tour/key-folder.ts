import type { Stage } from './stage.js';

const userSid = 'S-1-5-21-0-0-0-1000';
const request = (step: number, reason: string, more: object = {}) => ({
  runbook: 'remove-rsa-key-folder',
  target: 'PC-1',
  parameters: { userSid, confirmSid: userSid, step, ...more },
  reason,
});

/** The last resort: steps with the user's consent and two approvals, where nothing is deleted. */
export async function keyFolder(stage: Stage): Promise<void> {
  const { say, expect, people } = stage;
  stage.heading('Sign-in still fails: the last resort, the RSA key folder on PC-1');
  const first = await stage.planned(request(1, 'Vault and certificate were renewed, it still fails'));
  if (first.state === 'blocked') {
    expect('keys are not touched without the consent of the user', first.code === 'consent-missing');
    await people.helpdesk.post('/v1/consents', {
      body: { kind: 'rsa-keys', subjectSid: userSid, evidence: 'By phone, with the user looking at the risk' },
    });
    say('  The helpdesk records the consent of the user; approvers see who recorded it.');
  }
  const guid = await stage.planned(request(1, 'The user agreed'));
  if (guid.state !== 'compliant') {
    expect('a job of this risk needs two approvals', guid.plan?.approvalsRequired === 2);
    const one = await stage.decide('approver', guid, 'approve', 'Braces do not belong there');
    expect('one approval is not enough', one.state === 'awaiting-approval');
    const done = await stage.carriedOut(guid, 'Looked at the value as well', ['approver2']);
    expect('the machine GUID is repaired', done.state === 'succeeded');
  }

  const skipped = await stage.planned(request(4, 'Skip the other steps'));
  expect('a step cannot be skipped without a reason', skipped.code === 'precondition-missing');
  const waiver = { escalationWaiver: 'Steps 2 and 3 were done by hand yesterday' };
  const folder = await stage.planned(request(4, 'The whole folder, set aside', waiver));
  const aside = await stage.carriedOut(folder, 'Set aside, not deleted', ['approver', 'approver2']);
  expect('the key folder is renamed, not deleted', aside.state === 'succeeded');
  const purge = await stage.planned({
    runbook: 'purge-quarantine',
    target: 'PC-1',
    parameters: { userSid, ofJob: folder.id.replaceAll('-', '') },
    reason: 'Clean up',
  });
  expect('what was set aside is kept for its retention', purge.code === 'retention-running');
  const undo = await stage.rollback(folder, 'The user needs an old key');
  const back = await stage.carriedOut(undo, 'Put it back', ['approver', 'approver2']);
  expect('the key folder is back where it was', back.state === 'succeeded');
}
