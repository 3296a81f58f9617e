import { byUtf16Unit } from './canonical.js';
import { labelledDigest, sha256 } from './digest.js';
import type { Phase, RunbookBundle } from './manifest.js';

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

/** What `bundleFault` found, by the bundle itself: a bundle is never changed, and the catalogue hands out one object for the same bytes. */
const checked = new WeakMap<
  RunbookBundle,
  { readonly contentDigest: string; readonly changedFile: string | undefined }
>();

/**
 * Why this bundle is not the one with that content digest: a file whose text has another SHA-256 than it says, or another list of
 * files. Undefined where it is.
 */
export function bundleFault(bundle: RunbookBundle, contentDigest: string): { readonly file?: string } | undefined {
  let known = checked.get(bundle);
  if (known === undefined) {
    const changedFile = bundle.files.find((file) => sha256(file.text) !== file.sha256)?.path;
    known = { contentDigest: bundleDigest(bundle), changedFile };
    checked.set(bundle, known);
  }
  if (known.changedFile !== undefined) return { file: known.changedFile };
  return known.contentDigest === contentDigest ? undefined : {};
}

/** A PowerShell text that the engine runs. */
export interface ScriptText {
  readonly name: string;
  readonly text: string;
  /** Lower-case hex; the host hashes the text itself and refuses another. */
  readonly sha256: string;
}

/** The file of each phase in a runbook's folder. */
export const PHASE_FILES: Readonly<Record<Phase, string>> = {
  detect: 'Detect.ps1',
  plan: 'Plan.ps1',
  apply: 'Apply.ps1',
  verify: 'Verify.ps1',
  rollback: 'Rollback.ps1',
};

/** The text of a phase, or undefined where the runbook has none. */
export function phaseScript(bundle: RunbookBundle, phase: Phase): ScriptText | undefined {
  const name = `${bundle.manifest.id}/${PHASE_FILES[phase]}`;
  const file = bundle.files.find(({ path }) => path === name);
  return file && { name, text: file.text, sha256: file.sha256 };
}

/** The shared modules of a runbook, in the manifest's order. */
export function moduleScripts(bundle: RunbookBundle): readonly ScriptText[] {
  return bundle.manifest.modules.flatMap((module) =>
    bundle.files
      .filter(({ path }) => path.startsWith(`_modules/${module}/`) && path.endsWith('.ps1'))
      .map(({ path, text, sha256: digest }) => ({ name: path, text, sha256: digest }))
      // The digest covers the files, not the order in which they are stored.
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
}
