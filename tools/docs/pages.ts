import { format } from 'prettier';
import { apiPage } from './api.js';
import { apiTypes, requiredMembers } from './api-types.js';
import { authorisationPage } from './authorisation.js';
import { cliPage } from './cli.js';
import { codesPage } from './codes.js';
import { controlMapPage } from './control-map.js';
import { doctorPage } from './doctor.js';
import { manifestPage } from './manifest.js';
import { metricsPage } from './metrics.js';
import { runbooksPage } from './runbooks.js';
import { vectors } from '../../test/security/vectors.js';
import { settingsPage } from './settings.js';

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/api.md': apiPage,
  'docs/reference/authorisation.md': authorisationPage,
  'docs/reference/cli.md': cliPage,
  'docs/reference/codes.md': codesPage,
  'docs/reference/control-map.md': controlMapPage,
  'docs/reference/doctor.md': doctorPage,
  'docs/reference/manifest.md': manifestPage,
  'docs/reference/metrics.md': metricsPage,
  'docs/reference/runbooks.md': runbooksPage,
  'docs/reference/settings.md': settingsPage,
  'src/cli/api/paths.ts': apiTypes,
  'src/cli/api/required.ts': requiredMembers,
};

/** The generated files by path, formatted as the rest of the project. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const [path, render] of Object.entries(PAGES)) {
    const form = path.endsWith('.ts') ? ({ parser: 'typescript', singleQuote: true } as const) : { parser: 'markdown' };
    pages.set(path, await format(await render(), { ...form, printWidth: 120 }));
  }
  // Bytes that are hashed: no formatting.
  for (const [name, text] of Object.entries(vectors())) pages.set(`docs/reference/audit-vectors/${name}`, text);
  return pages;
}
