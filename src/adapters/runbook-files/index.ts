export { createValueChecker } from './validate-value.js';
export { createRunbookFolders } from './load.js';
export { ManifestSchema } from './manifest-schema.js';
