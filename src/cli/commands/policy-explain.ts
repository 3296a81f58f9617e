import { Option, type Command } from 'commander';
import type { Manifest } from '../../domain/manifest.js';
import { ALL_ACTIONS, factsOf, type Action } from '../../domain/policy/actions.js';
import { runbookFacts, type PolicyRequest } from '../../domain/policy/request.js';
import type { Rights } from '../../domain/policy/rights.js';
import { count } from '../../platform/count.js';
import { offering, type Io } from '../io.js';
import { policyInForce } from '../policy-in-force.js';
import { visible } from '../print.js';
import { usage } from '../terminal.js';

interface ExplainOptions {
  readonly person: string;
  readonly action: Action;
  readonly runbook?: string;
  readonly target?: string;
  readonly own?: true;
}

/** Says whether a person may do something, and why. */
export function explainCommand(policy: Command, { client, print }: Io): void {
  policy
    .command('explain')
    .description(
      'say whether a person may do something, and which rule decides; a target or runbook is looked up by your token',
    )
    .requiredOption('--person <id>', 'id of a person of the people file')
    .addOption(offering(new Option('--action <action>', 'what they would do').makeOptionMandatory(), ALL_ACTIONS))
    .option('--runbook <id>', 'id of a runbook')
    .option('--target <target>', 'name or id of a target')
    .option('--own', 'about a job that the person asked for themselves')
    .action(async ({ person: id, action, runbook, target, own }: ExplainOptions) => {
      if (!ALL_ACTIONS.includes(action)) throw usage(`There is no action ${action}: ${ALL_ACTIONS.join(', ')}.`);
      const { readPeople } = await import('../../installation/people.js');
      const person = readPeople().find((one) => one.id === id);
      if (!person) throw usage(`There is no person ${id} in the people file.`);
      const { rights } = await policyInForce();
      const request: PolicyRequest = {
        action,
        person,
        ...(target === undefined ? {} : { target: await client().get('/v1/targets/{id}', { path: { id: target } }) }),
        ...(runbook === undefined ? {} : { runbook: await factsOfRunbook(client(), runbook) }),
        ...(factsOf(action).includes('own') ? { own: own === true } : {}),
      };
      const explained = explain(rights, request);
      print(explained, lines(explained, `${visible(person.name)} (${id})`, request).join('\n'));
      process.exitCode = explained.allowed ? 0 : 1;
    });
}

async function factsOfRunbook(client: ReturnType<Io['client']>, id: string) {
  const { actions } = await client.get('/v1/runbooks/{id}', { path: { id } });
  return runbookFacts({ id, actions: (actions ?? {}) as Manifest['actions'] });
}

/** `missing`: facts that were not given, so that the answer is about any target, runbook or job. */
function explain(rights: Rights, request: PolicyRequest) {
  const missing = factsOf(request.action).filter((fact) => request[fact] === undefined);
  const approvals = request.action === 'decide' ? rights.approvals(1, request) : undefined;
  const more = { missing, ...(approvals === undefined || missing.length > 0 ? {} : { approvals }) };
  if (missing.length === 0) return { ...rights.decide(request), ...more };
  const denial = rights.denialAnywhere(request.person, request.action);
  if (denial) return { allowed: false as const, rule: denial.rule, words: denial.why, ...more };
  return { allowed: true as const, rules: rights.couldAllow(request.person, request.action), ...more };
}

function lines(
  explained: ReturnType<typeof explain>,
  who: string,
  { action, target, runbook }: PolicyRequest,
): string[] {
  const { missing } = explained;
  const about = [runbook && `with ${runbook.id}`, target && `on ${target.name}`].filter(Boolean).join(' ');
  const what = `${action}${about === '' ? '' : ` ${about}`}`;
  if (!explained.allowed) return [`No: ${who} may not ${what}.`, `rule  ${explained.rule}`, `why   ${explained.words}`];
  const rules = explained.rules.join(', ');
  if (missing.length > 0)
    return [
      `It depends: ${who} may ${action} at least somewhere.`,
      `rules ${rules}`,
      `why   not said: ${missing.join(', ')}. Name them with ${missing.map((fact) => `--${fact}`).join(' and ')}.`,
    ];
  const { approvals } = explained;
  return [
    `Yes: ${who} may ${what}.`,
    `rules ${rules}`,
    ...(approvals === undefined || approvals < 2 ? [] : [`needs ${count(approvals, 'approval')} at least`]),
  ];
}
