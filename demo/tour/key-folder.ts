import type { Stage } from './stage.js';

const userSid = 'S-1-5-21-0-0-0-1000';
const request = (rung: number, reason: string, more: object = {}) => ({
  runbook: 'remove-rsa-key-folder',
  target: 'PC-1',
  parameters: { userSid, confirmSid: userSid, rung, ...more },
  reason,
});

/** The last resort: a ladder with the user's consent and two approvals, where nothing is deleted. */
export async function keyFolder(stage: Stage): Promise<void> {
  const { say, expect, people } = stage;
  stage.heading('Still no sign-in: the ladder of the RSA key folder on PC-1');
  const first = await stage.planned(request(1, 'Vault and certificate were renewed, it still fails'));
  if (first.state === 'blocked') {
    expect('keys are not touched without the consent of the user', first.code === 'consent-missing');
    await people.helpdesk.send('POST', '/v1/consents', {
      kind: 'rsa-keys',
      subjectSid: userSid,
      evidence: 'By phone, with the user looking at the risk',
    });
    say('  The helpdesk records that the user agreed; the approvers will see who said so.');
  }
  const guid = await stage.planned(request(1, 'The user agreed'));
  if (guid.state !== 'compliant') {
    expect('such a job needs two approvals', guid.plan?.approvalsRequired === 2);
    const one = await stage.decide('approver', guid, 'approve', 'Braces do not belong there');
    expect('one approval is not enough', one.state === 'awaiting-approval');
    const done = await stage.carriedOut(guid, 'Looked at the value as well', ['approver2']);
    expect('the machine GUID is mended', done.state === 'succeeded');
  }

  const skipped = await stage.planned(request(4, 'Straight to the end?'));
  expect('a rung of the ladder is not left out silently', skipped.code === 'precondition-missing');
  const waiver = { ladderWaiver: 'Rungs 2 and 3 were done by hand yesterday' };
  const folder = await stage.planned(request(4, 'The whole folder, set aside', waiver));
  const aside = await stage.carriedOut(folder, 'Set aside, not deleted', ['approver', 'approver2']);
  expect('the key folder is set aside by a rename', aside.state === 'succeeded');
  const purge = await stage.planned({
    runbook: 'purge-quarantine',
    target: 'PC-1',
    parameters: { userSid, ofJob: folder.id.replaceAll('-', '') },
    reason: 'Clean up at once?',
  });
  expect('what was set aside is kept until its time is over', purge.code === 'retention-running');
  const undo = await stage.rollback(folder, 'The user needs an old key');
  const back = await stage.carriedOut(undo, 'Put it back', ['approver', 'approver2']);
  expect('the key folder is back where it was', back.state === 'succeeded');
}
