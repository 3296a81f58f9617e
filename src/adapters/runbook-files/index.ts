export { createValueChecker } from './validate-value.js';
export { createStoredChecker } from './check-stored.js';
export { createStoredGate } from './stored-gate.js';
export { createRunbookFolders, isRunbookFolder } from './load.js';
export { sharedModules } from './modules.js';
export { newRunbook, type NewRunbookFailure } from './new-runbook.js';
export { readStoredManifest } from './stored-manifest.js';
export { ManifestSchema } from './manifest-schema.js';
