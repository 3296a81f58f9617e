import { isCode } from '../../domain/codes/index.js';
import { PURGEABLE, type JsonSchema, type Manifest } from '../../domain/manifest.js';
import { openings } from './closed-schema.js';
import { schemaProblem } from './validate-value.js';

interface Found {
  readonly rule: string;
  /** JSON Pointer of the member that is wrong. */
  readonly at: string;
  readonly message: string;
}

interface ManifestRule {
  /** The members that the rule reads. It is not asked where one of them has not the shape of the schema. */
  readonly needs: readonly (keyof Manifest)[];
  readonly problems: (manifest: Manifest) => readonly Found[];
}

const propertiesOf = (schema: JsonSchema) => (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
const requiredOf = (schema: JsonSchema) => (schema.required ?? []) as readonly string[];

/** What a manifest keeps beyond its schema. */
export const MANIFEST_RULES: readonly ManifestRule[] = [
  { needs: ['parameters'], problems: ({ parameters }) => schemaRule('parameters', parameters) },
  { needs: ['state'], problems: ({ state }) => [...schemaRule('state', state), ...findingRule(state)] },
  {
    needs: ['parameters', 'supplied'],
    problems: ({ parameters, supplied }) =>
      supplied
        .filter((name) => Object.hasOwn(propertiesOf(parameters), name))
        .map((name) => ({
          rule: 'supplied',
          at: `/parameters/properties/${name}`,
          message: `${name} is supplied by the engine and cannot be a parameter too`,
        })),
  },
  {
    needs: ['codes'],
    problems: ({ codes }) =>
      Object.keys(codes ?? {})
        .filter((code) => isCode(code))
        .map((code) => ({
          rule: 'codes',
          at: `/codes/${code}`,
          message: `${code} is a code of Fixpoint: choose another name`,
        })),
  },
  { needs: ['locks', 'state'], problems: lockRule },
  {
    needs: ['actions', 'locks'],
    problems: ({ actions, locks }) =>
      Object.keys(actions).length > 0 && locks.length === 0
        ? [{ rule: 'locks', at: '/locks', message: 'a runbook with actions must name what it locks' }]
        : [],
  },
  { needs: ['actions'], problems: proofRule },
  { needs: ['actions', 'approval'], problems: approvalRule },
  { needs: ['escalation', 'supplied', 'parameters'], problems: escalationRule },
  {
    needs: ['statements', 'parameters'],
    problems: ({ statements = [], parameters }) =>
      statements
        .filter((name) => propertiesOf(parameters)[name]?.type !== 'string')
        .map((name) => ({
          rule: 'statements',
          at: '/statements',
          message: `${name} must be a parameter of type string`,
        })),
  },
  { needs: ['quarantine', 'runsOn', 'parameters'], problems: quarantineRule },
];

function schemaRule(part: 'parameters' | 'state', schema: JsonSchema): readonly Found[] {
  const found = (at: string, message: string): Found => ({ rule: 'closed-schema', at: `/${part}${at}`, message });
  const broken = schemaProblem(schema);
  return [
    ...openings(schema).map((opening) => found(opening.split(':')[0] ?? '', `${part}${opening}`)),
    ...(broken === undefined ? [] : [found('', `${part}: ${broken}`)]),
    ...(schema.type === 'object' ? [] : [found('', `${part} must be an object`)]),
  ];
}

function findingRule(state: JsonSchema): readonly Found[] {
  if (Array.isArray(propertiesOf(state).finding?.enum) && requiredOf(state).includes('finding')) return [];
  const message = 'the state must require finding, an enum of present, absent, inconclusive, not-applicable';
  return [{ rule: 'finding', at: '/state', message }];
}

function lockRule({ locks, state }: Manifest): readonly Found[] {
  return locks.flatMap(({ kind, at }, i) => {
    const found = (message: string): Found => ({ rule: 'locks', at: `/locks/${i}`, message });
    const ofTarget = ['host', 'farm', 'sync'].includes(kind);
    return [
      ...(ofTarget === (at === undefined)
        ? []
        : [found(ofTarget ? `${kind} takes the target's identity, without at` : `${kind} needs at`)]),
      ...(at !== undefined && !pointsIntoState(state, at) ? [found(`${at} is not in the state`)] : []),
    ];
  });
}

function pointsIntoState(state: JsonSchema, pointer: string): boolean {
  let at: JsonSchema | undefined = state;
  for (const step of pointer.split('/').slice(1)) {
    if (step === '*') at = at.type === 'array' ? (at.items as JsonSchema) : undefined;
    else at = propertiesOf(at)[step];
    if (at === undefined) return false;
  }
  return true;
}

function proofRule({ actions }: Manifest): readonly Found[] {
  return Object.entries(actions)
    .filter(([, { class: kind, proof }]) => proof !== undefined && kind !== 'once')
    .map(([name]) => ({
      rule: 'actions',
      at: `/actions/${name}/proof`,
      message: `${name}: only a once action names a proof`,
    }));
}

/** Who approves a change must be written down for each risk that a change can have; R0 always takes one. */
function approvalRule({ actions, approval }: Manifest): readonly Found[] {
  return Object.entries(actions)
    .filter(([, { risk }]) => risk !== 'R0' && !Object.hasOwn(approval.required, risk))
    .map(([name, { risk }]) => ({
      rule: 'approval',
      at: '/approval/required',
      message: `the action ${name} has the risk ${risk}, but approval.required has no number of approvals for ${risk}`,
    }));
}

function escalationRule({ escalation, supplied, parameters }: Manifest): readonly Found[] {
  if (!escalation) return [];
  const found = (message: string): Found => ({ rule: 'escalation', at: '/escalation', message });
  const { waiver } = escalation;
  return [
    ...(supplied.includes('previousSteps') ? [] : [found('an escalation needs previousSteps under supplied')]),
    ...(waiver === undefined || propertiesOf(parameters)[waiver]?.type === 'string'
      ? []
      : [found(`the waiver ${waiver} must be a parameter of type string`)]),
  ];
}

/** What nothing could ever purge must not promise a retention. */
function quarantineRule({ quarantine, runsOn, parameters }: Manifest): readonly Found[] {
  if (!quarantine) return [];
  const found = (message: string): Found => ({ rule: 'quarantine', at: '/quarantine', message });
  const { kinds, parameter } = PURGEABLE;
  const others = runsOn.kinds.filter((kind) => !kinds.includes(kind));
  return [
    ...others.map((kind) =>
      found(`purge-quarantine cannot serve a target of kind ${kind}, only ${kinds.join(', ')}: leave quarantine out`),
    ),
    ...(requiredOf(parameters).includes(parameter)
      ? []
      : [found(`purge-quarantine finds what was set aside by the parameter ${parameter}: it must be required`)]),
  ];
}
