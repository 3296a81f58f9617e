import { Type } from 'typebox';
import { ADMISSION_REQUESTS } from '../../domain/admission-request.js';
import { time } from './jobs.js';
import { closed, literals, name, reason, uuid } from './parts.js';
import { KeyProof } from './requests.js';
import { pageOf } from './responses.js';

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

export const AdmissionBody = Type.Union([
  Type.Object(
    { kind: Type.Literal('admit'), files: Type.Array(File, { minItems: 1, maxItems: MOST_FILES }), ...signed },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('enable'), runbook: name, contentDigest: Type.Optional(contentDigest), ...signed },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('disable'), runbook: name, contentDigest: Type.Optional(contentDigest), ...signed },
    closed,
  ),
  Type.Object({ kind: Type.Literal('revoke'), runbook: name, contentDigest, ...signed }, closed),
]);

export const ConfirmBody = Type.Object({ decision: literals('confirm', 'reject'), contentDigest, ...signed }, closed);

const admission = {
  id: uuid,
  kind: literals(...ADMISSION_REQUESTS),
  runbook: text,
  contentDigest: Type.Optional(contentDigest),
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
export const AdmissionDetail = Type.Object({ ...admission, files: Files }, closed);
export const AdmissionPage = pageOf(Admission);
export const RunbookFiles = Type.Object({ contentDigest, files: Files }, closed);
