import type { AdmissionRequest, RunbookRequestKind } from '../../domain/admission-request.js';
import { bundleDigest } from '../../domain/bundle.js';
import { sha256 } from '../../domain/digest.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { IdempotencyKey, KeyMismatch } from '../../ports/idempotency.js';
import type { Replayed } from '../../ports/admissions.js';
import type { ApiContext } from '../api-context.js';
import { recordRequest, type Signed } from './record-request.js';

/** What a person asks for: to let these files run, or something about a runbook that is stored. */
export type AdmissionWish = Signed &
  (
    | {
        readonly kind: 'admit';
        readonly files: readonly { readonly path: string; readonly text: string }[];
        /** Content digest of the version with which the person compared them; null: there was none. */
        readonly before: string | null;
      }
    | { readonly kind: Exclude<RunbookRequestKind, 'admit'>; readonly runbook: string; readonly contentDigest?: string }
  );

export type AdmissionRequestFailure =
  | Denial
  | KeyMismatch
  | Replayed
  | { readonly kind: 'runbook-not-found'; readonly refused?: undefined }
  | { readonly kind: 'service-token' | 'runbook-unreadable' | 'version-needed' };

/** Records what a person asks for about a runbook. */
export async function requestAdmission(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  wish: AdmissionWish,
): Promise<Result<AdmissionRequest, AdmissionRequestFailure>> {
  const denial = (await context.rights.read()).denial({ action: 'admit-runbooks', person: actor.person });
  if (denial) return fail(denial);
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const about = await aboutOf(context, wish);
  if (!about.ok) return about;
  return recordRequest(context, actor, key, { kind: wish.kind, ...about.value }, wish);
}

type About = Pick<AdmissionRequest, 'about' | 'contentDigest' | 'before'>;

async function aboutOf(context: ApiContext, wish: AdmissionWish): Promise<Result<About, AdmissionRequestFailure>> {
  if (wish.kind === 'admit') {
    const bundle = bundleOf(context, wish.files);
    if (!bundle) return fail({ kind: 'runbook-unreadable' });
    await context.catalogue.store(bundle);
    return ok({ about: bundle.manifest.id, contentDigest: bundle.contentDigest, before: wish.before });
  }
  const { kind, runbook, contentDigest } = wish;
  const known = contentDigest ?? (await context.catalogue.current(runbook))?.contentDigest;
  const manifest = known === undefined ? undefined : await context.catalogue.manifest(known);
  if (manifest?.id !== runbook) return fail({ kind: 'runbook-not-found' });
  if (kind === 'revoke' && contentDigest === undefined) return fail({ kind: 'version-needed' });
  return ok({ about: runbook, ...(contentDigest === undefined ? {} : { contentDigest }) });
}

/** The bundle of files that somebody sent; undefined where they hold no manifest of this version, or one path twice. */
function bundleOf(
  { readManifest }: Pick<ApiContext, 'readManifest'>,
  sent: readonly { readonly path: string; readonly text: string }[],
): RunbookBundle | undefined {
  const files = sent.map(({ path, text }) => ({ path, text, sha256: sha256(text) }));
  if (new Set(files.map(({ path }) => path)).size !== files.length) return undefined;
  const manifest = readManifest(files);
  return manifest && { files, manifest, contentDigest: bundleDigest({ files }) };
}
