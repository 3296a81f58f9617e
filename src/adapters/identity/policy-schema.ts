import { Type, type TSchema } from 'typebox';
import { CHANGE_CLASSES, RISKS, TARGET_KINDS } from '../../domain/manifest.js';
import { NAME_LENGTH, NAME_PATTERN } from '../../domain/name.js';
import { ROLES } from '../../domain/people.js';
import { ALL_ACTIONS } from '../../domain/policy/actions.js';
import type { Rule } from '../../domain/policy/policy.js';

const closed = { additionalProperties: false } as const;
const name = Type.String({ pattern: NAME_PATTERN, maxLength: NAME_LENGTH });
/** A list that says nothing would be a rule that never fits: it is a mistake. */
const list = (item: TSchema) => Type.Array(item, { minItems: 1, maxItems: 500, uniqueItems: true });
const oneOf = (values: readonly (string | number)[]) => Type.Unsafe<string | number>({ enum: [...values] });

const scope = {
  targets: Type.Optional(
    Type.Object(
      {
        names: Type.Optional(list(name)),
        kinds: Type.Optional(list(oneOf(TARGET_KINDS))),
        tiers: Type.Optional(list(oneOf([0, 1, 2]))),
        sites: Type.Optional(list(name)),
        tags: Type.Optional(list(name)),
      },
      { ...closed, minProperties: 1 },
    ),
  ),
  runbooks: Type.Optional(
    Type.Object(
      {
        ids: Type.Optional(list(name)),
        risks: Type.Optional(list(oneOf(RISKS))),
        classes: Type.Optional(list(oneOf(CHANGE_CLASSES))),
      },
      { ...closed, minProperties: 1 },
    ),
  ),
};

const access = (effect: 'allow' | 'deny') =>
  Type.Object(
    {
      id: name,
      effect: Type.Literal(effect),
      actions: list(oneOf(ALL_ACTIONS)),
      roles: Type.Optional(list(oneOf(ROLES))),
      ...scope,
      conditions: Type.Optional(Type.Object({ ownRequest: Type.Boolean() }, closed)),
    },
    closed,
  );

const require = Type.Object(
  { id: name, effect: Type.Literal('require'), approvals: Type.Integer({ minimum: 1, maximum: 9 }), ...scope },
  closed,
);

/** A rule by its effect. A union with a tag: lists that a rule does not have are not added to it. */
const rule = Type.Unsafe<Rule>({
  type: 'object',
  required: ['effect'],
  discriminator: { propertyName: 'effect' },
  oneOf: [access('allow'), access('deny'), require],
});

/** The policy file. */
export const PolicySchema = Type.Object({ rules: Type.Array(rule, { minItems: 1, maxItems: 1000 }) }, closed);
