export { createValueChecker } from './validate-value.js';
export { ManifestSchema } from './manifest-schema.js';
export { createRunbookFolders } from './load.js';
