import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHANGE_CLASSES, RISKS, TARGET_KINDS } from '../../src/domain/manifest.js';
import { ROLES, type Role } from '../../src/domain/people.js';
import { ALL_ACTIONS, factsOf } from '../../src/domain/policy/actions.js';
import { BUILT_IN } from '../../src/domain/policy/built-in.js';
import {
  approvalsDemanded,
  decide,
  decideAnywhere,
  isAllowedEverywhere,
  NO_RULE,
} from '../../src/domain/policy/decide.js';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { policyMistakes } from '../../src/domain/policy/mistakes.js';
import type { AccessRule, Policy, Rule } from '../../src/domain/policy/policy.js';
import type { PolicyRequest } from '../../src/domain/policy/request.js';
import { BUILT_IN_RIGHTS, grantPolicyDigest, rightsBy } from '../../src/domain/policy/rights.js';

const target = { id: 't', name: 'pc-1', kind: 'pc', tier: 2, site: 'north', tags: ['lab'] } as const;
const runbook = { id: 'rb', risk: 'R1', classes: ['ensure'] } as const;
const by = (...roles: readonly Role[]) => ({ id: 'ada', roles });
const about = { target, runbook, own: false };

const names = fc.constantFrom('north', 'south', 'lab', 'pc-1', 'rb', 'other');
const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 4 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const scope = {
  targets: maybe(
    fc.record({
      names: maybe(fc.uniqueArray(names, { minLength: 1 })),
      kinds: maybe(some(TARGET_KINDS)),
      tiers: maybe(some([0, 1, 2] as const)),
      sites: maybe(fc.uniqueArray(names, { minLength: 1 })),
      tags: maybe(fc.uniqueArray(names, { minLength: 1 })),
    }),
  ),
  runbooks: maybe(
    fc.record({
      ids: maybe(fc.uniqueArray(names, { minLength: 1 })),
      risks: maybe(some(RISKS)),
      classes: maybe(some(CHANGE_CLASSES)),
    }),
  ),
};
const access = (effect: 'allow' | 'deny') =>
  fc.record({
    id: names,
    effect: fc.constant(effect),
    actions: some(ALL_ACTIONS),
    roles: maybe(some(ROLES)),
    ...scope,
    conditions: maybe(fc.record({ ownRequest: fc.boolean() })),
  }) as fc.Arbitrary<AccessRule>;
const demand = fc.record({
  id: names,
  effect: fc.constant('require' as const),
  approvals: fc.integer({ min: 1, max: 9 }),
  ...scope,
}) as fc.Arbitrary<Rule>;
const rules = fc.array(fc.oneof(access('allow'), access('deny'), demand), { maxLength: 8 });
const targets = fc.record({
  id: names,
  name: names,
  kind: fc.constantFrom(...TARGET_KINDS),
  tier: fc.constantFrom(0, 1, 2),
  site: names,
  tags: fc.uniqueArray(names, { maxLength: 3 }),
});
const requests = fc.record(
  {
    action: fc.constantFrom(...ALL_ACTIONS),
    person: fc.record({ id: names, roles: fc.uniqueArray(fc.constantFrom(...ROLES)) }),
    target: targets,
    runbook: fc.record({ id: names, risk: fc.constantFrom(...RISKS), classes: some(CHANGE_CLASSES) }),
    own: fc.boolean(),
    approves: fc.boolean(),
    protectedObject: fc.boolean(),
  },
  { requiredKeys: ['action', 'person'] },
) as fc.Arbitrary<PolicyRequest>;
const RUNS = { numRuns: 2000 };
const allowed = (list: readonly Rule[], request: PolicyRequest) => decide({ rules: list }, request).allowed;
const everything: AccessRule = { id: 'all', effect: 'allow', actions: ALL_ACTIONS };

describe('a decision, whatever the policy is', () => {
  it('is no where a deny fits, whatever else allows it', () => {
    fc.assert(
      fc.property(rules, access('deny'), requests, (list, deny, request) => {
        fc.pre(decide({ rules: [everything, deny] }, request).allowed === false);
        expect(allowed([...list, deny], request) || allowed([deny, ...list, everything], request)).toBe(false);
      }),
      RUNS,
    );
  });

  it('never becomes yes by taking an allow away, nor by adding a deny or a demand', () => {
    fc.assert(
      fc.property(rules, requests, fc.nat(), fc.oneof(access('deny'), demand), (list, request, at, more) => {
        const without = list.filter(({ effect }, i) => effect !== 'allow' || i !== at % Math.max(1, list.length));
        const before = allowed(list, request);
        expect(!before && (allowed(without, request) || allowed([...list, more], request))).toBe(false);
      }),
      RUNS,
    );
  });

  it('never opens tier 0 to anybody without the role operator or admin', () => {
    fc.assert(
      fc.property(rules, requests, fc.constantFrom('submit', 'plan', 'rollback'), (list, request, action) => {
        const roles = request.person.roles.filter((role) => role !== 'operator' && role !== 'admin');
        const closed = { ...request, action, person: { ...request.person, roles } } as const;
        expect(allowed([...list, everything], { ...closed, target: { ...target, tier: 0 } })).toBe(false);
      }),
      RUNS,
    );
  });

  it('never lets anybody approve an own request or a protected object', () => {
    fc.assert(
      fc.property(rules, requests, (list, request) => {
        const { approves: _, ...own } = { ...request, action: 'decide' as const, own: true };
        expect(allowed([...list, everything], own)).toBe(false);
        const touched = { ...request, own: false, approves: true, protectedObject: true };
        for (const action of ['submit', 'plan', 'rollback', 'decide'] as const)
          expect(allowed([...list, everything], { ...touched, action })).toBe(false);
      }),
      RUNS,
    );
  });

  it('is no where a fact of the action is missing', () => {
    fc.assert(
      fc.property(requests, ({ target: _, runbook: __, own: ___, ...bare }) => {
        const decision = decide({ rules: [everything] }, bare);
        expect(decision.allowed).toBe(factsOf(bare.action).length === 0);
      }),
      RUNS,
    );
  });

  it('is yes nowhere that the question before the facts was answered with no, and yes wherever it is everywhere', () => {
    fc.assert(
      fc.property(rules, requests, (list, request) => {
        const { person, action } = request;
        const decision = decide({ rules: list }, request);
        expect(decision.allowed && !decideAnywhere({ rules: list }, person, action).allowed).toBe(false);
        const everywhere = isAllowedEverywhere({ rules: list }, person, action);
        const builtIn = !decision.allowed && decision.rule.startsWith('built-in:');
        expect(everywhere && !decision.allowed && !builtIn).toBe(false);
      }),
      RUNS,
    );
  });

  it('needs at least the approvals of the manifest, and more where a rule demands them', () => {
    fc.assert(
      fc.property(rules, requests, fc.nat(4), (list, request, manifest) => {
        const needed = rightsBy({ rules: list }, '').approvals(manifest, request);
        expect(needed).toBe(manifest === 0 ? 0 : Math.max(manifest, approvalsDemanded({ rules: list }, request)));
      }),
      RUNS,
    );
  });
});

describe('a decision', () => {
  const site: Policy = {
    rules: [
      { id: 'north', effect: 'allow', actions: ['submit', 'plan'], roles: ['helpdesk'], targets: { sites: ['north'] } },
      { id: 'no-lab', effect: 'deny', actions: ['submit'], targets: { tags: ['frozen'] } },
    ],
  };

  it('names the rules that allow, the one that denies, or what the person lacks', () => {
    const ask = { action: 'submit', person: by('helpdesk'), ...about } as const;
    expect(decide(site, ask)).toEqual({ allowed: true, rules: ['north'] });
    expect(decide(site, { ...ask, target: { ...target, tags: ['frozen'] } })).toMatchObject({ rule: 'no-lab' });
    const south = decide(site, { ...ask, target: { ...target, site: 'south' } });
    expect(south).toMatchObject({ rule: NO_RULE, words: expect.stringMatching(/do not cover/) });
    expect(decide(site, { ...ask, person: by('auditor') })).toMatchObject({ words: 'needs one of the roles helpdesk' });
    expect(decide(site, { ...ask, action: 'freeze' })).toMatchObject({ words: expect.stringMatching(/to anybody/) });
    const tier0 = decide(site, { ...ask, target: { ...target, tier: 0 } });
    expect(tier0).toMatchObject({ rule: BUILT_IN.tierZero, words: 'tier 0 targets are closed to the helpdesk' });
  });

  it('takes every class of a runbook to allow it and one to deny it', () => {
    const ensure = { id: 'a', effect: 'allow', actions: ['submit'], runbooks: { classes: ['ensure'] } } as const;
    const never = { id: 'd', effect: 'deny', actions: ['submit'], runbooks: { classes: ['irreversible'] } } as const;
    const both = { ...about, runbook: { id: 'rb', classes: ['ensure', 'irreversible'] } } as const;
    const ask = { action: 'submit', person: by('helpdesk') } as const;
    expect(decide({ rules: [ensure] }, { ...ask, ...both })).toMatchObject({ rule: NO_RULE });
    expect(decide({ rules: [everything, never] }, { ...ask, ...both })).toMatchObject({ rule: 'd' });
    expect(decide({ rules: [everything, never] }, { ...ask, ...about })).toMatchObject({ allowed: true });
    // Without a manifest nobody knows: the allow does not count, the deny does.
    const unknown = { ...about, runbook: { id: 'rb' } };
    expect(decide({ rules: [ensure] }, { ...ask, ...unknown })).toMatchObject({ rule: NO_RULE });
    expect(decide({ rules: [everything, never] }, { ...ask, ...unknown })).toMatchObject({ rule: 'd' });
  });
});

describe('the built-in policy', () => {
  it('has a rule for every action, no mistake, and one digest', () => {
    for (const action of ALL_ACTIONS)
      expect(DEFAULT_POLICY.rules.filter((rule) => 'actions' in rule && rule.actions.includes(action))).not.toEqual([]);
    expect(policyMistakes(DEFAULT_POLICY)).toEqual([]);
    expect(BUILT_IN_RIGHTS.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  /** The rights of the versions before there was a policy. */
  const BEFORE: Readonly<Record<string, readonly Role[]>> = {
    submit: ['helpdesk', 'operator', 'admin'],
    plan: ['helpdesk', 'operator', 'admin'],
    decide: ['approver'],
    cancel: ['helpdesk', 'operator', 'admin'],
    rollback: ['helpdesk', 'operator', 'admin'],
    resolve: ['operator'],
    freeze: ['operator', 'admin'],
    'edit-targets': ['admin', 'operator'],
    'record-consent': ['helpdesk', 'operator', 'admin'],
    'read-jobs': ROLES,
    'read-all-jobs': ['approver', 'operator', 'auditor', 'admin'],
    'read-audit': ROLES,
    'read-all-audit': ['auditor', 'admin'],
    'read-metrics': ['operator', 'auditor', 'admin'],
    // New since.
    'admit-runbooks': ['admin'],
    'admit-policy': ['admin'],
    'manage-keys': ['admin'],
    'start-rollouts': ['helpdesk', 'operator', 'admin'],
    'stop-rollouts': ['helpdesk', 'approver', 'operator', 'admin'],
    scan: ['helpdesk', 'operator', 'admin'],
    'read-admissions': ['approver', 'operator', 'auditor', 'admin'],
    schedule: ['operator', 'admin'],
    'read-schedules': ['approver', 'operator', 'auditor', 'admin'],
    'edit-calendars': ['operator', 'admin'],
    'edit-selections': ['operator', 'admin'],
  };

  it('gives each role what the table of earlier versions gave, and what is new since', () => {
    for (const action of ALL_ACTIONS)
      for (const role of ROLES)
        for (const tier of [0, 1, 2] as const)
          for (const own of action === 'decide' ? [false] : [true, false]) {
            const inTable = BEFORE[action]?.includes(role) ?? true;
            const begins = ['submit', 'plan', 'scan', 'rollback', 'schedule'].includes(action);
            const open = tier !== 0 || !begins || role === 'operator' || role === 'admin';
            const others = !['cancel', 'stop-rollouts'].includes(action) || own || role !== 'helpdesk';
            const asked = { action, person: by(role), ...about, own, target: { ...target, tier } };
            expect([action, role, tier, own, decide(DEFAULT_POLICY, asked).allowed]).toEqual([
              ...[action, role, tier, own],
              inTable && open && others,
            ]);
          }
  });

  it('is part of what a grant says, beside the people', () => {
    const other = rightsBy({ rules: [] }, 'b'.repeat(64));
    const people = { digest: 'a'.repeat(64) };
    expect(grantPolicyDigest(people, BUILT_IN_RIGHTS)).not.toBe(grantPolicyDigest(people, other));
    expect(grantPolicyDigest(people, other)).not.toBe(grantPolicyDigest({ digest: 'c'.repeat(64) }, other));
  });
});

describe('the mistakes of a policy', () => {
  it('are ids that stand twice and limits that an action does not have', () => {
    const rule = (more: Partial<AccessRule>): AccessRule => ({ ...everything, actions: ['submit'], ...more });
    const mistakes = policyMistakes({
      rules: [
        rule({ targets: { sites: ['a'] } }),
        rule({ id: 'b', actions: ['submit', 'freeze'], targets: { sites: ['a'] } }),
        rule({ id: 'all', conditions: { ownRequest: true } }),
        rule({ id: 'c', actions: ['edit-targets'], runbooks: { ids: ['a'] } }),
      ],
    });
    expect(mistakes.map(({ path }) => path)).toEqual([
      '/rules/1/targets',
      '/rules/2/id',
      '/rules/2/conditions',
      '/rules/3/runbooks',
    ]);
    expect(mistakes[0]?.message).toMatch(/^cannot limit freeze; it can limit submit, plan, scan, decide/);
  });
});
