import type { Static } from 'typebox';
import { subjectOf, type AdmissionRequest } from '../../domain/admission-request.js';
import { readPolicyChange } from '../../domain/policy-change.js';
import { readStandingChange } from '../../domain/schedules/standing-change.js';
import { readTargetChanges } from '../../domain/target-change.js';
import { utcText } from '../../domain/time.js';
import { isUuid } from '../../domain/uuid.js';
import { admittedForm } from '../../usecases/admission/admitted-form.js';
import { admittedPolicyText } from '../../usecases/admission/admitted-policy-text.js';
import { confirmAdmission, VOTE_CODES } from '../../usecases/admission/confirm-admission.js';
import { requestAdmission } from '../../usecases/admission/request-admission.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { envelopeInForce } from '../../usecases/standing/standing-approval.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { failure, route, type Route, type Shown } from '../route.js';
import {
  AdmissionBody,
  AdmissionDetail,
  AdmissionPage,
  Admission,
  ConfirmBody,
  RunbookFiles,
} from '../schemas/admissions.js';

/** Two MiB of text, escaped. */
const FILES_BYTES = 4 * 1024 * 1024;
const MOST_LISTED = 100;

/** What may run: people ask for it here, and others confirm it. */
export function admissionRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/admissions',
      summary:
        'Ask that a version of a runbook may run, or that one may no longer; a second person confirms what allows more.',
      action: 'admit-runbooks',
      body: AdmissionBody,
      bodyBytes: FILES_BYTES,
      answers: 201,
      answer: Admission,
      problems: [
        ...(['service-token', 'runbook-unreadable', 'runbook-not-found', 'version-needed'] as const),
        ...(['idempotency-mismatch', 'decision-replayed'] as const),
      ],
      handle: async ({ actor, body, idempotencyKey }) => {
        const key = scopeOf(actor, 'POST /v1/admissions', idempotencyKey, body);
        const made = await requestAdmission(context, actor, key, body);
        return made.ok ? { kind: 'answer', body: shownRequest(made.value) } : failure(made.error);
      },
    }),
    route({
      method: 'get',
      path: '/admissions',
      summary: `What was asked for: what waits for a second person first, then the last; at most ${MOST_LISTED}.`,
      action: 'read-admissions',
      answers: 200,
      answer: AdmissionPage,
      handle: async () => {
        const items = (await context.admissionRequests.list(MOST_LISTED)).map(shownRequest);
        return { kind: 'answer', body: { items, next: null } };
      },
    }),
    route({
      method: 'get',
      path: '/admissions/:id',
      summary: 'One request, with what it asks for: files of a runbook, targets before and after, or a policy.',
      action: 'read-admissions',
      answers: 200,
      answer: AdmissionDetail,
      problems: ['not-found'],
      handle: async ({ id }) => {
        const request = isUuid(id) ? await context.admissionRequests.get(id) : undefined;
        if (!request) return failure({ kind: 'not-found' });
        const { contentDigest } = request;
        const bundle =
          contentDigest === undefined || subjectOf(request.kind) !== 'runbook'
            ? undefined
            : await context.catalogue.get(contentDigest);
        const targets = subjectOf(request.kind) === 'target' ? await changesShown(context, request) : [];
        const policy = subjectOf(request.kind) === 'policy' ? { policy: await policyShown(context, request) } : {};
        const standing = subjectOf(request.kind) === 'standing' ? await standingShown(context, request) : {};
        const files = filesOf(bundle?.files ?? []);
        const body = { ...shownRequest(request), files, targets, ...policy, ...standing };
        return { kind: 'answer', body };
      },
    }),
    route({
      method: 'post',
      path: '/admissions/:id/decision',
      summary: 'Confirm or reject what another person asked for; it needs the right to ask for it.',
      action: 'read-admissions',
      body: ConfirmBody,
      answers: 200,
      answer: Admission,
      problems: [
        ...(['service-token', 'not-found', 'own-request', 'version-changed', 'request-ended'] as const),
        ...(['decision-replayed', ...VOTE_CODES] as const),
      ],
      handle: async ({ actor, id, body }) => {
        const judged = isUuid(id)
          ? await confirmAdmission(context, actor, id, body)
          : ({ ok: false, error: { kind: 'not-found' } } as const);
        return judged.ok ? { kind: 'answer', body: shownRequest(judged.value) } : failure(judged.error);
      },
    }),
    route({
      method: 'get',
      path: '/runbooks/:id/files',
      summary: 'The files of the current version of a runbook: manifest, scripts and modules.',
      action: 'read-admissions',
      answers: 200,
      answer: RunbookFiles,
      problems: ['runbook-not-found'],
      handle: async ({ id }) => {
        const current = await context.catalogue.current(id);
        const bundle = current && (await context.catalogue.get(current.contentDigest));
        if (!bundle) return failure({ kind: 'runbook-not-found' });
        const { contentDigest, files } = bundle;
        return { kind: 'answer', body: { contentDigest, files: filesOf(files) } };
      },
    }),
  ];
}

/** The changes of a request, each with the form that counts now: not what the row says, which anybody may have written. */
async function changesShown(context: ApiContext, { content }: AdmissionRequest) {
  const changes = readTargetChanges(content);
  return Promise.all(
    changes.map(async ({ id, before, after }) => {
      const { form } = await admittedForm(context.subjectAdmissions, context.admissionRules()?.verifySubject, id);
      return { id, before, current: form ?? null, after };
    }),
  );
}

/** The policy of a request over the one that was admitted last. */
async function policyShown(context: ApiContext, { content }: AdmissionRequest) {
  const { before = null, text = '' } = readPolicyChange(content) ?? {};
  return { before, current: (await admittedPolicyText(context)).text, after: text };
}

/** The envelope of a request over the one that counts now. */
async function standingShown(context: ApiContext, { content }: AdmissionRequest) {
  const change = readStandingChange(content);
  if (!change) return {};
  const current = (await envelopeInForce(context, change.schedule))?.envelope ?? null;
  return { standing: { ...change, current } };
}

const filesOf = (files: readonly { readonly path: string; readonly text: string }[]) =>
  files.map(({ path, text }) => ({ path, text }));

/** A request as everybody reads it who may; its content is in its detail. */
export function shownRequest({
  proof: _,
  content: __,
  person,
  requestedAt,
  ...request
}: AdmissionRequest): Shown<Static<typeof Admission>> {
  const { id, name } = person;
  return { ...request, person: { id, name }, requestedAt: utcText(requestedAt) };
}
