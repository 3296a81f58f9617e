import { Type, type Static } from 'typebox';
import { SUPPLIED_NAMES, TOPOLOGIES, type Manifest } from '../../domain/manifest.js';
import {
  about,
  closed,
  duration,
  literals,
  localized,
  name,
  ownCode,
  ownName,
  parameterName,
  prose,
} from './manifest-parts.js';
import { actions, approval, defer, locks, rollback, runsOn, timeouts, verify } from './manifest-run.js';

const schemaObject = (annotations: Readonly<Record<string, unknown>>) =>
  Type.Record(Type.String(), Type.Unknown(), { title: 'closed JSON Schema', ...annotations });
/** `runbook.yaml`, schema runbook/v1. Closed at every level: a member that is not here is refused. */
export const ManifestSchema = Type.Object(
  {
    schema: Type.Literal('runbook/v1', about('The version of this format.', 'runbook/v1')),
    id: name(about('The name of the runbook, which is the name of its folder.', 'restart-service')),
    version: Type.String({
      pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
      ...about('The version that people see. What counts for an approval is the digest of the content.', '1.0.0'),
    }),
    title: localized('The title in the catalogue', 'Restart a service'),
    summary: prose(
      1,
      600,
      about('What the runbook does, in one or two sentences, for the people who choose it.', 'Restarts one service.'),
    ),
    owner: prose(1, 120, about('The team that answers for it.', 'Server team')),
    modules: Type.Array(name(), {
      maxItems: 8,
      uniqueItems: true,
      ...about('Shared modules of `_modules`, each after those that it builds on.', ['unix', 'processes']),
    }),
    parameters: schemaObject(
      about(
        'What a requester gives: a closed JSON Schema of type object. Every text has a `maxLength`, every object `additionalProperties: false`.',
        {
          type: 'object',
          additionalProperties: false,
          required: ['unit'],
          properties: { unit: { type: 'string', maxLength: 80 } },
        },
      ),
    ),
    supplied: Type.Array(literals([...SUPPLIED_NAMES], {}), {
      uniqueItems: true,
      ...about('Values that the worker adds to `$Parameters`; no requester can set them.', ['requestedAtTargetUtc']),
    }),
    state: schemaObject(
      about('What Detect returns: a closed JSON Schema of type object that requires `finding`.', {
        type: 'object',
        additionalProperties: false,
        required: ['finding'],
        properties: { finding: { enum: ['present', 'absent', 'inconclusive', 'not-applicable'] } },
      }),
    ),
    locks,
    runsOn,
    actions,
    timeouts,
    verify,
    defer,
    approval,
    onFailure: literals(
      ['leave', 'rollback'],
      about('What becomes of the earlier changes of a job when one fails: they stay, or are undone.', 'leave'),
    ),
    rollback,
    symptoms: Type.Optional(
      Type.Array(localized('What a user notices', 'The page does not load.'), {
        maxItems: 50,
        ...about('What a user notices, for those who look for a runbook.', [{ en: 'The page does not load.' }]),
      }),
    ),
    appliesTo: Type.Optional(
      Type.Array(literals([...TOPOLOGIES], {}), {
        uniqueItems: true,
        ...about('How Skype for Business runs where it applies; everywhere without it.', ['online']),
      }),
    ),
    codes: Type.Optional(
      Type.Record(ownName(), ownCode(), about('Codes that the phases may throw and that Fixpoint does not have.', {})),
    ),
    toleratesClockSkew: Type.Optional(
      Type.Boolean(about('Whether it runs on a target whose clock is more than 5 minutes off.', true, false)),
    ),
    quarantine: Type.Optional(
      Type.Object(
        { retention: duration('How long what it sets aside is kept before `purge-quarantine` may remove it.', '30d') },
        {
          ...closed,
          ...about('For a runbook on computers of kind `pc` that sets things of a user aside.', { retention: '30d' }),
        },
      ),
    ),
    follows: Type.Optional(
      Type.Array(name(), {
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
        ...about('Runbooks whose job a request may name with `--follows`.', ['enable-sip-user']),
      }),
    ),
    statements: Type.Optional(
      Type.Array(parameterName(), {
        minItems: 1,
        maxItems: 5,
        uniqueItems: true,
        ...about(
          'Parameters in which the requester states what nothing can be asked about. The approver sees them as claims.',
          ['serversGone'],
        ),
      }),
    ),
    escalation: Type.Optional(
      Type.Object(
        {
          after: Type.Array(name(), {
            minItems: 1,
            maxItems: 10,
            uniqueItems: true,
            ...about('The runbooks that come first.', ['clear-credential-vault']),
          }),
          waiver: Type.Optional(
            parameterName(
              about('The parameter that says why they are left out. With it, a missing step blocks the job.', 'waiver'),
            ),
          ),
        },
        {
          ...closed,
          ...about('Earlier runbooks for the same user. The approver sees which are missing.', {
            after: ['clear-credential-vault'],
          }),
        },
      ),
    ),
  },
  {
    ...closed,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
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
