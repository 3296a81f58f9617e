import type { Rule } from '../domain/policy/policy.js';
import { count } from '../platform/count.js';

/** A rule of the policy for a terminal: what it does, then each limit that it has. */
export function ruleLines(rule: Rule): readonly string[] {
  const head =
    rule.effect === 'require'
      ? `require ${count(rule.approvals, 'approval')}`
      : `${rule.effect} ${rule.actions.join(', ')} to ${rule.roles?.join(', ') ?? 'everybody who is signed in'}`;
  return [`${rule.id}: ${head}`, ...limits(rule).map((limit) => `    ${limit}`)];
}

function limits(rule: Rule): readonly string[] {
  const listed = (what: string, scope: object | undefined) =>
    Object.entries((scope ?? {}) as Readonly<Record<string, readonly unknown[]>>).map(
      ([member, values]) => `${what} ${member}: ${values.join(', ')}`,
    );
  const own = rule.effect === 'require' ? undefined : rule.conditions?.ownRequest;
  return [
    ...listed('target', rule.targets),
    ...listed('runbook', rule.runbooks),
    ...(own === undefined ? [] : [own ? 'own requests only' : 'requests of others only']),
  ];
}
