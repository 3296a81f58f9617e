import type { ApiContext } from '../../usecases/api-context.js';
import { admittedForm } from '../../usecases/admission/admitted-form.js';
import { requestRemoval, requestTargets } from '../../usecases/admission/request-targets.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { given } from '../given.js';
import { failure, route, type Route } from '../route.js';
import { Admission, RemoveTargetsBody, TargetAdmission, TargetsBody } from '../schemas/admissions.js';
import { shownRequest } from './admissions.js';

/** 4 KiB for each of its 500 targets on average. */
const TARGETS_BYTES = 2 * 1024 * 1024;
const PROBLEMS = ['service-token', 'idempotency-mismatch', 'decision-replayed'] as const;

interface SentTargets {
  readonly targets: readonly { readonly target: { readonly settings?: unknown } }[];
}

/** Targets under four eyes: people ask for them here, and others confirm them by the decision of the request. */
export function targetAdmissionRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/targets/:id/admission',
      summary:
        'The form of a target that two people admitted last, and whether a target counts only as it was admitted.',
      action: 'read-targets',
      answers: 200,
      answer: TargetAdmission,
      problems: ['target-not-found'],
      handle: async ({ id, actor: { person } }) => {
        const stored = (await context.inventory.find([id])).get(id);
        const denial =
          stored && (await context.rights.read()).denial({ action: 'read-targets', person, target: stored.target });
        if (!stored || denial) return failure({ kind: 'target-not-found' });
        const { statement, form } = await admittedForm(
          context.subjectAdmissions,
          context.admissionRules()?.verifySubject,
          stored.target.id,
        );
        const body = {
          required: context.settings.fourEyes,
          sha256: statement?.sha256 ?? null,
          target: form ?? null,
          signedAt: statement?.signedAt ?? null,
          by: statement?.by.map(({ person: { id: who, name } }) => ({ id: who, name })) ?? [],
        };
        return { kind: 'answer', body };
      },
    }),
    route({
      method: 'post',
      path: '/targets:admit',
      summary:
        'Ask that 1 to 500 targets count as they are given: new ones, or changes of those there are. Another person confirms it.',
      action: 'edit-targets',
      body: TargetsBody,
      bodyBytes: TARGETS_BYTES,
      answers: 201,
      answer: Admission,
      problems: ['import-refused', ...PROBLEMS],
      handle: async ({ actor, body, sent, idempotencyKey }) => {
        const { targets, ...signed } = body;
        const written = (sent as SentTargets).targets;
        // The signature covers each target as it was sent.
        const asked = targets.map(({ before, id, target }, i) => ({
          before,
          target: { ...target, settings: given(target.settings ?? {}, written[i]?.target.settings), id },
        }));
        const key = scopeOf(actor, 'POST /v1/targets:admit', idempotencyKey, body);
        const made = await requestTargets(context, actor, key, asked, signed);
        return made.ok ? { kind: 'answer', body: shownRequest(made.value) } : failure(made.error);
      },
    }),
    route({
      method: 'post',
      path: '/targets:remove',
      summary: 'Remove 1 to 500 targets from the inventory, at once.',
      action: 'edit-targets',
      body: RemoveTargetsBody,
      answers: 201,
      answer: Admission,
      problems: ['target-not-found', 'import-refused', ...PROBLEMS],
      handle: async ({ actor, body, idempotencyKey }) => {
        const { targets, ...signed } = body;
        const key = scopeOf(actor, 'POST /v1/targets:remove', idempotencyKey, body);
        const made = await requestRemoval(context, actor, key, targets, signed);
        return made.ok ? { kind: 'answer', body: shownRequest(made.value) } : failure(made.error);
      },
    }),
  ];
}
