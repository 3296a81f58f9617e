import { Type, type Static } from 'typebox';
import {
  APPROVER_ROLES,
  CHANGE_CLASSES,
  GROUP_MEMBERS,
  LOCK_KINDS,
  RISKS,
  SUPPLIED_NAMES,
  TARGET_KINDS,
  TOPOLOGIES,
  type Manifest,
} from '../../domain/manifest.js';

const closed = { additionalProperties: false } as const;
const duration = Type.String({
  pattern: '^[0-9]{1,6}(ms|s|m|h|d)$',
  description: 'duration, such as 30s, 10m, 24h or 7d',
});
const name = Type.String({ pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 64 });
const words = {
  en: Type.String({ minLength: 1, maxLength: 300 }),
  'zh-TW': Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
};
const localized = Type.Object(words, closed);
const schemaObject = Type.Record(Type.String(), Type.Unknown());
const approvals = Type.Integer({ minimum: 1, maximum: 5 });
const literals = <const T extends string[]>(...values: T) => Type.Enum<T>([...values]);
const place = literals('target', 'worker');

/** `runbook.yaml`, schema runbook/v1. Closed at every level: a member that is not here is refused. */
export const ManifestSchema = Type.Object(
  {
    schema: Type.Literal('runbook/v1'),
    id: name,
    version: Type.String({ pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' }),
    title: localized,
    summary: Type.String({ minLength: 1, maxLength: 600 }),
    owner: Type.String({ minLength: 1, maxLength: 120 }),
    modules: Type.Array(name, { maxItems: 8, uniqueItems: true }),
    parameters: schemaObject,
    supplied: Type.Array(literals(...SUPPLIED_NAMES), { uniqueItems: true }),
    state: schemaObject,
    locks: Type.Array(
      Type.Object(
        {
          kind: literals(...LOCK_KINDS),
          at: Type.Optional(Type.String({ pattern: '^(/[^/]+)+$', maxLength: 200 })),
        },
        closed,
      ),
      { minItems: 1, maxItems: 8 },
    ),
    runsOn: Type.Object(
      {
        kinds: Type.Array(literals(...TARGET_KINDS), { minItems: 1, uniqueItems: true }),
        phases: Type.Object(
          {
            detect: place,
            plan: Type.Literal('worker'),
            apply: place,
            verify: Type.Literal('worker'),
            rollback: place,
          },
          closed,
        ),
        runAs: literals('service', 'target-user', 'system-task', 'app'),
        detect: Type.Optional(
          Type.Object(
            { elevated: Type.Literal(true), because: Type.String({ minLength: 10, maxLength: 300 }) },
            closed,
          ),
        ),
      },
      closed,
    ),
    actions: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' }),
      Type.Object(
        {
          class: literals(...CHANGE_CLASSES),
          risk: literals(...RISKS),
          group: Type.Optional(
            Type.Array(literals(...GROUP_MEMBERS), {
              minItems: 1,
              uniqueItems: true,
            }),
          ),
          proof: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
        },
        closed,
      ),
    ),
    timeouts: Type.Object(
      { detect: duration, plan: duration, apply: duration, verify: duration, rollback: duration },
      closed,
    ),
    verify: Type.Optional(Type.Object({ within: duration, every: duration }, closed)),
    defer: Type.Object({ upTo: duration, every: duration }, closed),
    approval: Type.Object(
      {
        roles: Type.Array(literals(...APPROVER_ROLES), { minItems: 1, uniqueItems: true }),
        required: Type.Object(
          { R1: Type.Optional(approvals), R2: Type.Optional(approvals), R3: Type.Optional(approvals) },
          closed,
        ),
        expiresIn: duration,
        executeWithin: duration,
      },
      closed,
    ),
    onFailure: literals('leave', 'rollback'),
    rollback: Type.Union([
      Type.Literal('script'),
      Type.Object({ none: Type.String({ minLength: 10, maxLength: 600 }) }, closed),
    ]),
    symptoms: Type.Optional(Type.Array(localized, { maxItems: 50 })),
    appliesTo: Type.Optional(Type.Array(literals(...TOPOLOGIES), { uniqueItems: true })),
    codes: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' }),
        Type.Object({ class: literals('refused', 'deferred', 'failed', 'waiting'), ...words, next: localized }, closed),
      ),
    ),
    toleratesClockSkew: Type.Optional(Type.Boolean()),
    quarantine: Type.Optional(Type.Object({ retention: duration }, closed)),
    follows: Type.Optional(Type.Array(name, { minItems: 1, maxItems: 20, uniqueItems: true })),
    statements: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,63}$' }), { minItems: 1, maxItems: 5, uniqueItems: true }),
    ),
    escalation: Type.Optional(
      Type.Object(
        {
          after: Type.Array(name, { minItems: 1, maxItems: 10, uniqueItems: true }),
          waiver: Type.Optional(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,63}$' })),
        },
        closed,
      ),
    ),
  },
  {
    ...closed,
    $id: 'https://fixpoint.example/schemas/runbook.v1.schema.json',
    title: 'Fixpoint runbook manifest, runbook/v1',
  },
);

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

/** Does not compile when the schema and the interface that the rest of the code reads differ. */
const _manifest: Same<Frozen<Static<typeof ManifestSchema>>, Manifest> = true;
