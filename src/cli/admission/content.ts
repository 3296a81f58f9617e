import { bundleDigest } from '../../domain/bundle.js';
import { subjectOf } from '../../domain/admission-request.js';
import { sha256 } from '../../domain/digest.js';
import { DEFAULT_POLICY } from '../../domain/policy/default-policy.js';
import { policyChangeDigest } from '../../domain/policy-change.js';
import { envelopeDigest, type Envelope } from '../../domain/schedules/envelope.js';
import { standingChangeDigest, type StandingChange } from '../../domain/schedules/standing-change.js';
import { targetChangesDigest, type TargetChange } from '../../domain/target-change.js';
import { digestOfTarget, type Target } from '../../domain/target.js';
import type { Client } from '../api/client.js';
import { Refusal } from '../api/refusal.js';
import type { Files } from './difference.js';

/** What a request is about, as a person reads it, with the digest of exactly that: the one that they sign. */
export interface Content {
  readonly digest: string;
  readonly before: Files;
  readonly after: Files;
  /** Of a runbook: the content digest of `before`; null: there is no current version. */
  readonly beforeDigest?: string | null;
}

/** The same of a runbook. */
export type RunbookContent = Content & { readonly beforeDigest: string | null };

export type RequestDetail = Awaited<ReturnType<typeof requestDetail>>;
export const requestDetail = (client: Client, id: string) => client.get('/v1/admissions/{id}', { path: { id } });

/** The content of a request. The digest is computed from what is shown. @throws Refusal where that is not what was asked for */
export async function contentOf(client: Client, request: RequestDetail): Promise<Content> {
  const content = await readContent(client, request);
  if (request.kind === 'admit' && content.beforeDigest !== (request.before ?? null))
    throw new Refusal({
      code: 'version-changed',
      title:
        'Another version of the runbook is current than the one that the request was compared with. Nothing was decided: ask again.',
    });
  // A runbook is disabled whole, without a version.
  if (request.contentDigest === undefined || content.digest === request.contentDigest) return content;
  throw new Refusal({
    code: 'version-changed',
    title: 'The server sent something else than what the request is for. Nothing was decided.',
  });
}

async function readContent(client: Client, request: RequestDetail): Promise<Content> {
  const { kind, about, files, targets, policy, standing } = request;
  switch (subjectOf(kind)) {
    case 'runbook':
      return runbookContent(client, about, files);
    case 'policy':
      return policyContent(policy ?? { before: null, current: null, after: '' });
    case 'target':
      return targetContent(targets as readonly ShownChange[]);
    case 'standing':
      return standingContent(standing as ShownStanding | undefined);
  }
}

/** Files of a runbook, over those of its current version. */
export async function runbookContent(client: Client, runbook: string, files: Files): Promise<RunbookContent> {
  const before = await currentFiles(client, runbook);
  return { digest: digestOf(files), before, after: files, beforeDigest: before.length === 0 ? null : digestOf(before) };
}

const digestOf = (files: Files) =>
  bundleDigest({ files: files.map((file) => ({ ...file, sha256: sha256(file.text) })) });

/** The files of the current version; none where there is none. */
export async function currentFiles(client: Client, id: string): Promise<Files> {
  try {
    return (await client.get('/v1/runbooks/{id}/files', { path: { id } })).files;
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'runbook-not-found') return [];
    throw error;
  }
}

/** A policy before and after. `current`: the text with the digest `before`; null: none was admitted, and the built-in policy counts. */
export interface ShownPolicy {
  readonly before: string | null;
  readonly current: string | null;
  readonly after: string;
}

/** A policy over the one that was admitted before. @throws Refusal where the text that is shown has another digest */
export function policyContent({ before, current, after }: ShownPolicy): Content {
  if ((current && sha256(current)) !== before)
    throw new Refusal({
      code: 'version-changed',
      title: 'The server sent another policy than the one that was admitted. Nothing was decided.',
    });
  return {
    digest: policyChangeDigest({ before, text: after }),
    before: [{ path: 'policy', text: rulesText(current ?? JSON.stringify(DEFAULT_POLICY)) }],
    after: [{ path: 'policy', text: rulesText(after) }],
  };
}

/** Rules in one form, so that a difference in blanks is none. */
function rulesText(text: string): string {
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}

/** An envelope over the one that counts. */
export interface ShownStanding extends StandingChange {
  readonly current: Envelope | null;
}

/** What people approve in advance. @throws Refusal where the envelope that is shown is not the one that counts */
export function standingContent(shown: ShownStanding | undefined): Content {
  if (!shown || (shown.current && envelopeDigest(shown.current)) !== shown.before)
    throw new Refusal({
      code: 'version-changed',
      title: 'The server sent another standing approval than the one that counts. Nothing was decided.',
    });
  const file = (envelope: Envelope | null) =>
    envelope ? [{ path: 'standing approval', text: `${JSON.stringify(envelope, null, 2)}\n` }] : [];
  return { digest: standingChangeDigest(shown), before: file(shown.current), after: file(shown.envelope) };
}

/** A target before and after. `current`: the form that counts now, which is the one with the digest `before`. */
export interface ShownChange extends TargetChange {
  readonly current: Target | null;
}

/** Targets as they are to be, over the forms that count now. @throws Refusal where a form that is shown has another digest */
export function targetContent(changes: readonly ShownChange[]): Content {
  for (const { current, before } of changes)
    if ((current && digestOfTarget(current)) !== before)
      throw new Refusal({
        code: 'version-changed',
        title: 'The server sent another form of a target than the one that counts. Nothing was decided.',
      });
  const file = ({ id }: TargetChange, form: Target | null) =>
    form === null ? [] : [{ path: `target ${id}`, text: `${JSON.stringify(form, null, 2)}\n` }];
  return {
    digest: targetChangesDigest(changes),
    before: changes.flatMap((change) => file(change, change.current)),
    after: changes.flatMap((change) => file(change, change.after)),
  };
}
