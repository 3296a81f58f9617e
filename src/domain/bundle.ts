import { byUtf16Unit } from './canonical.js';
import { labelledDigest } from './digest.js';
import type { RunbookBundle } from './manifest.js';

/**
 * The content digest of a runbook: SHA-256 with the label `fixpoint-bundle-v1` over the canonical list of its files and those of
 * every module it declares, each by path and SHA-256, sorted by path. The manifest is one of the files.
 */
export function bundleDigest(bundle: Pick<RunbookBundle, 'files'>): string {
  const files = [...bundle.files]
    .sort((a, b) => byUtf16Unit(a.path, b.path))
    .map(({ path, sha256 }) => ({ path, sha256 }));
  return labelledDigest('fixpoint-bundle-v1', files);
}
