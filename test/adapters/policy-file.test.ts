import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPolicyFile } from '../../src/adapters/identity/policy-file.js';
import { createValueChecker } from '../../src/adapters/runbook-files/index.js';
import { sha256 } from '../../src/domain/digest.js';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { PolicyUnreadable } from '../../src/domain/policy/policy.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { policyOfGuide } from '../support/policy-guide.js';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/fxpolicy-');
  path = join(folder, 'policy.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (text: string) => {
  writeFileSync(path, text);
  return createPolicyFile(path, createValueChecker()).read();
};
const withRules = (...rules: readonly object[]) => read(JSON.stringify({ rules }));
const allow = { id: 'a', effect: 'allow', actions: ['submit'] };

describe('the policy file', () => {
  it('is the built-in policy where there is none, and where it says the same', async () => {
    expect(await createPolicyFile(join(folder, 'none.json'), createValueChecker()).read()).toBe(BUILT_IN_RIGHTS);
    expect((await read(JSON.stringify(DEFAULT_POLICY))).policy).toEqual(DEFAULT_POLICY);
  });

  it('is known by the digest of its bytes, and read again when it was changed', async () => {
    const file = createPolicyFile(path, createValueChecker());
    writeFileSync(path, policyOfGuide());
    expect((await file.read()).digest).toBe(sha256(policyOfGuide()));
    const other = `${policyOfGuide()}\n`;
    writeFileSync(path, other);
    expect((await file.read()).digest).toBe(sha256(other));
    rmSync(path);
    expect(await file.read()).toBe(BUILT_IN_RIGHTS);
  });

  it('adds no list to a rule that has none', async () => {
    expect((await withRules(allow)).policy.rules).toEqual([allow]);
  });

  it.each<[string, string | object, RegExp]>([
    ['no JSON', '{', /JSON/],
    ['a list', '[]', /\/ must be object/],
    ['no rules', { rules: [] }, /\/rules must NOT have fewer than 1 items/],
    ['a member that nobody knows', { rules: [allow], version: 1 }, /\/version is not known here/],
    ['no effect', { rules: [{ id: 'a' }] }, /\/rules\/0\/effect must be one of allow, deny, require/],
    ['another effect', { rules: [{ ...allow, effect: 'permit' }] }, /\/effect must be one of allow, deny, require/],
    [
      'another action',
      { rules: [{ ...allow, actions: ['fly'] }] },
      /\/rules\/0\/actions\/0 must be one of submit, plan/,
    ],
    [
      'another role',
      { rules: [{ ...allow, roles: ['boss'] }] },
      /\/rules\/0\/roles\/0 must be one of helpdesk, approver/,
    ],
    ['a role list without roles', { rules: [{ ...allow, roles: [] }] }, /\/rules\/0\/roles must NOT have fewer than 1/],
    ['another tier', { rules: [{ ...allow, targets: { tiers: [3] } }] }, /\/targets\/tiers\/0 must be one of 0, 1, 2/],
    [
      'another scope',
      { rules: [{ ...allow, targets: { site: ['a'] } }] },
      /\/rules\/0\/targets\/site is not known here/,
    ],
    ['an empty scope', { rules: [{ ...allow, targets: {} }] }, /\/rules\/0\/targets must NOT have fewer than 1/],
    ['no site at all', { rules: [{ ...allow, targets: { sites: [] } }] }, /\/sites must NOT have fewer than 1/],
    ['the id of a built-in rule', { rules: [{ ...allow, id: 'built-in:tier-0' }] }, /\/rules\/0\/id must match/],
    ['an id twice', { rules: [allow, allow] }, /\/rules\/1\/id is the id of rule 0 too: a/],
    ['approvals of an allow', { rules: [{ ...allow, approvals: 2 }] }, /\/rules\/0\/approvals is not known here/],
    [
      'roles of a demand',
      { rules: [{ id: 'r', effect: 'require', approvals: 2, roles: ['admin'] }] },
      /\/roles is not/,
    ],
    ['no approvals', { rules: [{ id: 'r', effect: 'require', approvals: 0 }] }, /\/rules\/0\/approvals must be >= 1/],
    [
      'a target of a freeze',
      { rules: [{ ...allow, actions: ['freeze'], targets: { sites: ['a'] } }] },
      /\/rules\/0\/targets cannot limit freeze; it can limit submit/,
    ],
  ])('with %s allows nothing and says where the mistake is', async (_, what, message) => {
    const reading = read(typeof what === 'string' ? what : JSON.stringify(what));
    await expect(reading).rejects.toThrow(PolicyUnreadable);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(path);
  });

  it('names every mistake together', async () => {
    const reading = withRules({ ...allow, roles: ['boss'] }, { id: 'b', effect: 'deny', actions: ['fly'] });
    await expect(reading).rejects.toThrow(/\/rules\/0\/roles\/0 .*; \/rules\/1\/actions\/0 /);
  });
});
