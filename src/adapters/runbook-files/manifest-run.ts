import { Type } from 'typebox';
import {
  APPROVER_ROLES,
  CHANGE_CLASSES,
  GROUP_MEMBERS,
  LOCK_KINDS,
  RISKS,
  TARGET_KINDS,
} from '../../domain/manifest.js';
import { about, closed, duration, literals, ownName, prose } from './manifest-parts.js';

// The members of a manifest that say where and how a job of the runbook runs.

const place = (description: string) => literals(['target', 'worker'], about(description, 'target'));
const approvals = (risk: string, byDefault: number) =>
  Type.Integer({
    minimum: 1,
    maximum: 5,
    ...about(`How many people approve a plan whose highest risk is ${risk}. Needed where an action has it.`, byDefault),
  });

export const locks = Type.Array(
  Type.Object(
    {
      kind: literals(
        [...LOCK_KINDS],
        about('What kind of object. `host`, `farm` and `sync` are the target itself.', 'host'),
      ),
      at: Type.Optional(
        Type.String({
          pattern: '^(/[^/]+)+$',
          maxLength: 200,
          ...about(
            'Where the id of the object is in the state, as a JSON Pointer; `*` is every item of a list.',
            '/users/*/id',
          ),
        }),
      ),
    },
    closed,
  ),
  {
    maxItems: 8,
    ...about('The objects that no two jobs change at once; at least one where there are actions.', [{ kind: 'host' }]),
  },
);

export const runsOn = Type.Object(
  {
    kinds: Type.Array(literals([...TARGET_KINDS], {}), {
      minItems: 1,
      uniqueItems: true,
      ...about('The kinds of target of the inventory on which it can run.', ['server']),
    }),
    phases: Type.Object(
      {
        detect: place('Where Detect runs.'),
        plan: Type.Literal('worker', about('Plan always runs on the worker.', 'worker')),
        apply: place('Where Apply runs.'),
        verify: Type.Literal('worker', about('Verify always runs on the worker.', 'worker')),
        rollback: place('Where Rollback runs.'),
      },
      {
        ...closed,
        ...about('Where each phase runs: on the target, or on the worker for a directory.', {
          detect: 'target',
          plan: 'worker',
          apply: 'target',
          verify: 'worker',
          rollback: 'target',
        }),
      },
    ),
    runAs: literals(
      ['service', 'target-user', 'system-task', 'app'],
      about(
        'As whom: the account of the credential (`service`), or the signed-in user of a computer (`target-user`).',
        'service',
      ),
    ),
    detect: Type.Optional(
      Type.Object(
        {
          elevated: Type.Literal(true, about('Detect needs the rights of an administrator.', true)),
          because: prose(10, 300, about('Why; the approver reads it.', 'The profile belongs to another user.')),
        },
        {
          ...closed,
          ...about('Where even reading needs elevation.', {
            elevated: true,
            because: 'The profile belongs to another user.',
          }),
        },
      ),
    ),
  },
  { ...closed, ...about('Where and as whom the phases run.', { kinds: ['server'], runAs: 'service' }) },
);

export const actions = Type.Record(
  ownName(),
  Type.Object(
    {
      class: literals(
        [...CHANGE_CLASSES],
        about(
          'Whether a change may be made again after an interruption: `ensure` always, `once` only after a proof, `irreversible` never.',
          'ensure',
        ),
      ),
      risk: literals([...RISKS], about('From none to the highest; it decides how many people approve.', 'R1')),
      group: Type.Optional(
        Type.Array(literals([...GROUP_MEMBERS], {}), {
          minItems: 1,
          uniqueItems: true,
          ...about('Changes that agree in these members are shown to the approver as one group.', [
            'property',
            'after',
          ]),
        }),
      ),
      proof: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 100,
          ...about('`once` only: the member of the state that shows whether the change was made.', 'lastRunUtc'),
        }),
      ),
    },
    closed,
  ),
  about('Each `action` that Plan may give a change. Empty for a runbook that only reports.', {
    'restart-service': { class: 'ensure', risk: 'R2' },
  }),
);

export const timeouts = Type.Object(
  {
    detect: duration('The longest time of Detect.', '30s'),
    plan: duration('The longest time of Plan.', '10s'),
    apply: duration('The longest time of Apply, for one change.', '60s'),
    verify: duration('The longest time of Verify.', '30s'),
    rollback: duration('The longest time of Rollback, for one change.', '60s'),
  },
  {
    ...closed,
    ...about('After this time a phase is stopped.', {
      detect: '30s',
      plan: '10s',
      apply: '60s',
      verify: '30s',
      rollback: '60s',
    }),
  },
);

export const verify = Type.Optional(
  Type.Object(
    {
      within: duration('How long the proof may take.', '10m'),
      every: duration('How often Verify, or Detect and Plan, look again.', '30s'),
    },
    {
      ...closed,
      ...about('Where the proof takes time; without it Detect and Plan must find nothing at once.', {
        within: '10m',
        every: '30s',
      }),
    },
  ),
);

export const defer = Type.Object(
  {
    upTo: duration('How long a target that cannot be reached is tried again.', '4h'),
    every: duration('How often.', '5m'),
  },
  { ...closed, ...about('What becomes of a job whose target cannot be reached.', { upTo: '4h', every: '5m' }) },
);

export const approval = Type.Object(
  {
    roles: Type.Array(literals([...APPROVER_ROLES], {}), {
      minItems: 1,
      uniqueItems: true,
      ...about('The roles that may approve. The requester never may.', ['approver']),
    }),
    required: Type.Object(
      {
        R1: Type.Optional(approvals('R1', 1)),
        R2: Type.Optional(approvals('R2', 1)),
        R3: Type.Optional(approvals('R3', 2)),
      },
      { ...closed, ...about('How many approvals a plan needs, by its highest risk. R0 needs one.', { R1: 1 }) },
    ),
    expiresIn: duration('How long a plan can be approved.', '24h'),
    executeWithin: duration('How long after the approval the changes may begin.', '60m'),
  },
  {
    ...closed,
    ...about('Who approves, and for how long.', {
      roles: ['approver'],
      required: { R1: 1 },
      expiresIn: '24h',
      executeWithin: '60m',
    }),
  },
);

export const rollback = Type.Union(
  [
    Type.Literal('script'),
    Type.Object(
      {
        none: prose(
          10,
          600,
          about('Why nothing can be undone; the approver reads it.', 'A process that was ended cannot be continued.'),
        ),
      },
      closed,
    ),
  ],
  about('`script`: the folder has Rollback.ps1. Otherwise why it has none.', 'script'),
);
