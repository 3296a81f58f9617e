import { ROLES, type Role } from '../../src/domain/people.js';
import { ALL_ACTIONS, factsOf, type Action } from '../../src/domain/policy/actions.js';
import type { PolicyRequest } from '../../src/domain/policy/request.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { apiRoutes } from '../../src/http/app.js';
import type { ApiContext } from '../../src/usecases/api-context.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `Who may do what by the built-in policy, which counts where there is no policy file ([a policy of your own](../guides/policy.md)). Everything
is decided by one function (\`src/domain/policy/decide.ts\`); a test plays every route with every role against a running API.

- **yes**: allowed. **own**: only for jobs that the person asked for. **not own**: only for jobs that somebody else asked for.
- **-**: refused.
- A person with several roles may do what any of them may, except what a deny refuses.`;

const ROUTES = `A cell has one answer for all tiers, or one for each tier that differs. A route that names a job or a target is refused
before that is known where the role has the right nowhere; what is shown here is the decision with all facts. Whoever may not see a job gets 404 for it.`;

const TIERS = [0, 1, 2] as const;

/** The matrix of rights: roles and actions, then routes, roles and tiers. */
export function authorisationPage(): string {
  const head = (first: string) => [first, ...ROLES, 'no role'];
  const actions = ALL_ACTIONS.map((action) => [code(action), ...cells(action)]);
  // The routes close over their context and use it only when they are called.
  const routes = apiRoutes({} as ApiContext).map(({ method, path, action }) => [
    code(`${method.toUpperCase()} /v1${path.replaceAll(/\/:([a-z]+)/g, '/{$1}')}`),
    code(action),
    ...cells(action),
  ]);
  const builtIn = `These rules stand above every policy, and no file has them:

- Nobody without the role operator or admin submits, plans or rolls back on a target of tier 0.
- A requester never approves their own job.
- Nothing begins, and nothing is approved, on an object that is known to be protected.
- A decision whose facts are not all known is a refusal.`;
  return [
    heading('Authorisation', INTRODUCTION),
    '## Actions',
    table(head('right'), actions),
    '## Routes',
    ROUTES,
    table(['request', 'right', ...ROLES, 'no role'], routes),
    '## Built-in rules',
    builtIn,
  ].join('\n\n');
}

const cells = (action: Action): readonly string[] => [...ROLES.map((role) => [role]), []].map((of) => cell(action, of));

function cell(action: Action, roles: readonly Role[]): string {
  const answers = TIERS.map((tier) => answer(action, roles, tier));
  const [first = '-'] = answers;
  if (!factsOf(action).some((fact) => fact === 'target') || answers.every((one) => one === first)) return first;
  return answers.map((one, tier) => `tier ${tier}: ${one}`).join('; ');
}

function answer(action: Action, roles: readonly Role[], tier: 0 | 1 | 2): string {
  const target = { id: '-', name: '-', kind: 'pc', tier, site: '-', tags: [] } as const;
  const request = (own: boolean): PolicyRequest => ({
    ...{ action, person: { id: '-', roles }, target, own },
    runbook: { id: '-', risk: 'R1', classes: ['ensure'] },
  });
  const [own, others] = [request(true), request(false)].map((asked) => BUILT_IN_RIGHTS.decide(asked).allowed);
  if (own === others) return own ? 'yes' : '-';
  return own ? 'own' : 'not own';
}
