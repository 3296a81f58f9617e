import type { Action } from '../domain/policy/actions.js';
import { lostBy } from '../domain/policy/rights.js';
import type { PeopleChange } from '../installation/people.js';
import { policyHere } from '../installation/policy.js';
import { Refusal } from './api/refusal.js';
import { confirm } from './terminal.js';

/** What somebody does, as the end of "nobody can …". */
const DO: Readonly<Record<Action, string>> = {
  submit: 'submit requests',
  plan: 'plan requests',
  scan: 'scan targets',
  decide: 'approve or reject a plan',
  cancel: 'cancel jobs',
  rollback: 'request rollbacks',
  resolve: 'resolve jobs that need attention',
  schedule: 'make, pause or remove schedules',
  'read-schedules': 'read schedules',
  'edit-calendars': 'change calendars',
  'edit-selections': 'change selections',
  'start-rollouts': 'start rollouts',
  'stop-rollouts': 'stop rollouts',
  freeze: 'freeze the work',
  'admit-runbooks': 'admit runbooks',
  'admit-policy': 'put a policy in force',
  'read-admissions': 'read what was asked to be admitted',
  'manage-keys': 'confirm keys or revoke the keys of others',
  'edit-targets': 'change the inventory',
  'read-targets': 'read the inventory',
  'record-consent': 'record consents',
  'read-jobs': 'read jobs',
  'read-all-jobs': 'read the jobs of others',
  'read-audit': 'read the audit log',
  'read-all-audit': 'read the whole audit log',
  'read-metrics': 'read the metrics',
  'signed-in': 'use what needs no more than a token',
};

/** Asks before nobody has a role any more. @throws Refusal when the person says no; CommanderError (usage) where nobody can be asked */
export async function confirmLastOfRole({ before, after }: PeopleChange, yes: boolean): Promise<void> {
  const { rights } = await policyHere();
  const { roles, actions } = lostBy(before, after, rights);
  if (roles.length === 0 || yes) return;
  const has = `Nobody has the role ${roles.join(', ')} then.`;
  const can = actions.length === 0 ? '' : ` Nobody can ${actions.map((action) => DO[action]).join(', ')}.`;
  console.error(`${has}${can}`);
  if (await confirm('Change it all the same?', `${has}${can} Add --yes to do it all the same.`)) return;
  throw new Refusal({ code: 'not-confirmed', title: 'Nothing was changed.', detail: 'You did not confirm.' });
}
