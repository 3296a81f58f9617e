import { ROLES } from '../people.js';
import type { Policy } from './policy.js';

/** The policy of an installation that has no policy file. */
export const DEFAULT_POLICY: Policy = {
  rules: [
    {
      id: 'ask',
      effect: 'allow',
      actions: ['submit', 'plan', 'scan', 'rollback', 'record-consent'],
      roles: ['helpdesk', 'operator', 'admin'],
    },
    { id: 'ask-for-many', effect: 'allow', actions: ['start-rollouts'], roles: ['helpdesk', 'operator', 'admin'] },
    {
      id: 'stop-own',
      effect: 'allow',
      actions: ['stop-rollouts'],
      roles: ['helpdesk'],
      conditions: { ownRequest: true },
    },
    { id: 'stop-any', effect: 'allow', actions: ['stop-rollouts'], roles: ['approver', 'operator', 'admin'] },
    { id: 'approve', effect: 'allow', actions: ['decide'], roles: ['approver'] },
    {
      id: 'cancel-own',
      effect: 'allow',
      actions: ['cancel'],
      roles: ['helpdesk'],
      conditions: { ownRequest: true },
    },
    { id: 'cancel-any', effect: 'allow', actions: ['cancel'], roles: ['operator', 'admin'] },
    { id: 'resolve', effect: 'allow', actions: ['resolve'], roles: ['operator'] },
    {
      id: 'operate',
      effect: 'allow',
      actions: ['freeze', 'edit-targets', 'schedule', 'edit-calendars', 'edit-selections'],
      roles: ['operator', 'admin'],
    },
    {
      id: 'administer',
      effect: 'allow',
      actions: ['admit-runbooks', 'admit-policy', 'manage-keys'],
      roles: ['admin'],
    },
    {
      id: 'read-admissions',
      effect: 'allow',
      actions: ['read-admissions'],
      roles: ['approver', 'operator', 'auditor', 'admin'],
    },
    { id: 'read-own', effect: 'allow', actions: ['read-jobs', 'read-audit'], roles: ROLES },
    {
      id: 'read-all-jobs',
      effect: 'allow',
      actions: ['read-all-jobs', 'read-schedules'],
      roles: ['approver', 'operator', 'auditor', 'admin'],
    },
    { id: 'read-all-audit', effect: 'allow', actions: ['read-all-audit'], roles: ['auditor', 'admin'] },
    { id: 'read-metrics', effect: 'allow', actions: ['read-metrics'], roles: ['operator', 'auditor', 'admin'] },
    { id: 'look', effect: 'allow', actions: ['signed-in', 'read-targets'] },
  ],
};
