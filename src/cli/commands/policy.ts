import { resolve } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../platform/count.js';
import { show, signed, tell, type Said } from '../admission/ask.js';
import { policyContent } from '../admission/content.js';
import { requestCommands } from '../admission/request-commands.js';
import type { Io } from '../io.js';
import { loadPolicies, policyInForce, unusable } from '../policy-in-force.js';
import { ruleLines } from '../rule-lines.js';
import { keyOptions } from '../sign-decision.js';
import { readText } from '../terminal.js';
import { explainCommand } from './policy-explain.js';

/** The policy of this installation: who may do what, where. */
export function policyCommands(program: Command, io: Io): void {
  const policy = program.command('policy').description('the policy of this installation: who may do what, and where');
  policy
    .command('show')
    .description('show the rules that count now')
    .action(async () => {
      const { rights, from } = await policyInForce();
      const { policy: shown, digest } = rights;
      io.print(
        { from, digest, rules: shown.rules },
        [`policy  ${from}`, `digest  ${digest}`, '', ...shown.rules.flatMap(ruleLines)].join('\n'),
      );
    });
  policy
    .command('check')
    .description('check a policy file before it is put in place; every mistake is named with its path')
    .argument('<file>', 'a policy file')
    .action(async (file: string) => {
      const { digest, policy: read } = await (await loadPolicies()).policyIn(resolve(file)).catch(unusable);
      io.print({ file, digest, rules: read.rules.length }, `${file} is fine: ${count(read.rules.length, 'rule')}.`);
    });
  explainCommand(policy, io);
  requestCommands(policy, io, 'policy');
  const admit = policy
    .command('admit')
    .description('ask that the policy in a file counts; another person confirms it')
    .argument('<file>', 'a policy file')
    .requiredOption('--reason <text>', 'why; who confirms it reads it')
    .option('--digest <digest>', 'ask without a question, if the file has this digest')
    .action(async (file: string, options: Said) => {
      const { reason, digest } = options;
      await (await loadPolicies()).policyIn(resolve(file)).catch(unusable);
      const text = readText(file);
      const { admitted: before, text: current } = await io.client().get('/v1/policy');
      const content = policyContent({ before, current, after: text });
      if (!(await show(io, 'policy', content, digest, 'Ask for it?')))
        return io.print({ asked: false }, 'Nothing was asked for.');
      const facts = { kind: 'admit-policy', about: 'policy', contentDigest: content.digest } as const;
      const proof = await signed({ ...facts, decision: 'request', reason }, options);
      tell(io, await io.client().post('/v1/policy:admit', { body: { before, text, reason, ...proof } }));
    });
  keyOptions(admit);
}
