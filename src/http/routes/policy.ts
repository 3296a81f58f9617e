import type { ApiContext } from '../../usecases/api-context.js';
import { admittedPolicyText } from '../../usecases/admission/admitted-policy-text.js';
import { requestPolicy } from '../../usecases/admission/request-policy.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { failure, route, type Route } from '../route.js';
import { Admission, PolicyBody, PolicyInForce } from '../schemas/admissions.js';
import { shownRequest } from './admissions.js';

/** The rules of who may do what. */
export function policyRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/policy',
      summary: 'The policy by which the API decides now.',
      action: 'read-admissions',
      answers: 200,
      answer: PolicyInForce,
      handle: async () => {
        const { digest, policy } = await context.rights.read();
        const admitted = await admittedPolicyText(context);
        return {
          kind: 'answer',
          body: { digest, rules: [...policy.rules], admitted: admitted.sha256, text: admitted.text },
        };
      },
    }),
    route({
      method: 'post',
      path: '/policy:admit',
      summary:
        'Ask that another policy counts. Another person confirms it; in development mode the policy file counts.',
      action: 'admit-policy',
      body: PolicyBody,
      bodyBytes: 2 * 1024 * 1024,
      answers: 201,
      answer: Admission,
      problems: ['service-token', 'idempotency-mismatch', 'decision-replayed'],
      handle: async ({ actor, body, idempotencyKey }) => {
        const { text, before, ...signed } = body;
        const key = scopeOf(actor, 'POST /v1/policy:admit', idempotencyKey, body);
        const made = await requestPolicy(context, actor, key, { before, text }, signed);
        return made.ok ? { kind: 'answer', body: shownRequest(made.value) } : failure(made.error);
      },
    }),
  ];
}
