import type { ManifestReader } from '../../ports/runbook-catalogue.js';
import { readManifest } from './read-manifest.js';

const MANIFEST = /^([^/_][^/]*)\/runbook\.yaml$/u;

/** The manifest of a stored bundle, read from the text that its digest covers; undefined where no runbook is there as the schema has it. */
export const readStoredManifest: ManifestReader = (files) => {
  const [file, ...others] = files.filter(({ path }) => MANIFEST.test(path));
  if (file === undefined || others.length > 0) return undefined;
  const { manifest } = readManifest(file.path, file.text);
  return manifest?.id === MANIFEST.exec(file.path)?.[1] ? manifest : undefined;
};
