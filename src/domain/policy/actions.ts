/** What a decision about an action needs to know besides the person. */
export type Fact = 'target' | 'runbook' | 'own';

/**
 * Everything that a person can be allowed or refused, with the facts that each decision about it must have. A rule may be limited by
 * these facts and by no others: a freeze has no target.
 */
export const ACTIONS = {
  submit: ['target', 'runbook'],
  plan: ['target', 'runbook'],
  scan: ['target', 'runbook'],
  decide: ['target', 'runbook', 'own'],
  cancel: ['target', 'runbook', 'own'],
  rollback: ['target', 'runbook', 'own'],
  resolve: ['target', 'runbook', 'own'],
  schedule: ['target', 'runbook'],
  'read-schedules': ['target'],
  'edit-calendars': [],
  'edit-selections': [],
  'start-rollouts': [],
  'stop-rollouts': ['own'],
  freeze: [],
  'edit-targets': ['target'],
  'read-targets': ['target'],
  'admit-runbooks': [],
  'admit-policy': [],
  'read-admissions': [],
  'manage-keys': [],
  'record-consent': [],
  'read-jobs': [],
  'read-all-jobs': ['target'],
  'read-audit': [],
  'read-all-audit': [],
  'read-metrics': [],
  'signed-in': [],
} as const satisfies Readonly<Record<string, readonly Fact[]>>;

export type Action = keyof typeof ACTIONS;
export const ALL_ACTIONS = Object.keys(ACTIONS) as readonly Action[];

/** The facts that a decision about this action must have. */
export const factsOf = (action: Action): readonly Fact[] => ACTIONS[action];
