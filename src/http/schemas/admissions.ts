import { Type } from 'typebox';
import { ADMISSION_REQUESTS } from '../../domain/admission-request.js';
import { time } from './jobs.js';
import { closed, literals, name, reason, uuid } from './parts.js';
import { KeyProof, MOST_MEMBERS, TargetBody } from './requests.js';
import { pageOf, Target } from './responses.js';
import { StandingAsked } from './standing.js';

const contentDigest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Content digest of a version.' });
const text = Type.String();

/** As `runbook check` reads them: the folder of the runbook and those of the modules that it names. */
const File = Type.Object(
  {
    path: Type.String({
      maxLength: 500,
      pattern: '^(_modules/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99})+$',
    }),
    text: Type.String({ maxLength: 1024 * 1024 }),
  },
  closed,
);
const MOST_FILES = 400;

/** The signature of the own key over `fixpoint-admission-vote-v1`; in production nothing is judged without it. */
const signed = { reason, proof: Type.Optional(KeyProof) };

const versionBefore = Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()], {
  description: 'Content digest of the current version, with which it was compared; null where there is none.',
});

export const AdmissionBody = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('admit'),
      files: Type.Array(File, { minItems: 1, maxItems: MOST_FILES }),
      before: versionBefore,
      ...signed,
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('disable'), runbook: name, contentDigest: Type.Optional(contentDigest), ...signed },
    closed,
  ),
  Type.Object({ kind: Type.Literal('revoke'), runbook: name, contentDigest, ...signed }, closed),
]);

const targetDigest = Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()], {
  description: 'Digest of the form that was admitted last; null where none counts.',
});

/** `id`: of a new target one that the sender made, so that their signature covers it. */
export const TargetsBody = Type.Object(
  {
    targets: Type.Array(Type.Object({ id: uuid, before: targetDigest, target: TargetBody }, closed), {
      minItems: 1,
      maxItems: MOST_MEMBERS,
    }),
    ...signed,
  },
  closed,
);
export const RemoveTargetsBody = Type.Object(
  {
    targets: Type.Array(Type.Object({ id: uuid, before: targetDigest }, closed), {
      minItems: 1,
      maxItems: MOST_MEMBERS,
    }),
    ...signed,
  },
  closed,
);
export const PolicyBody = Type.Object(
  { before: targetDigest, text: Type.String({ minLength: 2, maxLength: 1024 * 1024 }), ...signed },
  closed,
);

export const ConfirmBody = Type.Object({ decision: literals('confirm', 'reject'), contentDigest, ...signed }, closed);

const admission = {
  id: uuid,
  kind: literals(...ADMISSION_REQUESTS),
  about: text,
  contentDigest: Type.Optional(contentDigest),
  before: Type.Optional(versionBefore),
  person: Type.Object({ id: text, name: text }, closed),
  reason: text,
  requestedAt: time,
  status: literals('new', 'open', 'done', 'refused'),
  code: Type.Optional(text),
  detail: Type.Optional(text),
};
/** What somebody asked for, and what became of it. */
export const Admission = Type.Object(admission, closed);
const Files = Type.Array(Type.Object({ path: text, text }, closed));
const form = Type.Union([Target, Type.Null()]);
/** `current`: the form that counts now, `after`: the one that is asked for; null: none. */
const Change = Type.Object({ id: uuid, before: targetDigest, current: form, after: form }, closed);
/** `current`: the text that was admitted last, whose digest is `before`; null: none was. */
const Policy = Type.Object({ before: targetDigest, current: Type.Union([text, Type.Null()]), after: text }, closed);
export const AdmissionDetail = Type.Object(
  {
    ...admission,
    files: Files,
    targets: Type.Array(Change),
    policy: Type.Optional(Policy),
    standing: Type.Optional(StandingAsked),
  },
  closed,
);
export const AdmissionPage = pageOf(Admission);
/** `required`: a target counts only as it was admitted. */
export const TargetAdmission = Type.Object(
  {
    required: Type.Boolean(),
    sha256: targetDigest,
    target: form,
    signedAt: Type.Union([time, Type.Null()]),
    by: Type.Array(Type.Object({ id: text, name: text }, closed)),
  },
  closed,
);
/** `admitted`, `text`: of the policy that people admitted last; null: none, and the built-in one counts, or in development mode the file. */
export const PolicyInForce = Type.Object(
  {
    ...{ digest: text, rules: Type.Array(Type.Unknown()) },
    ...{ admitted: targetDigest, text: Type.Union([text, Type.Null()]) },
  },
  closed,
);
export const RunbookFiles = Type.Object({ contentDigest, files: Files }, closed);
