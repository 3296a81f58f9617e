import { isDatabaseUnavailable } from '../platform/database-unavailable.js';
import { fileProblem } from '../platform/file-fault.js';

interface SystemError extends Error {
  readonly code?: string;
  readonly path?: string;
  readonly errors?: readonly Error[];
}

/** What a command failed by, in words that name the file or the part and the next step. */
export function failureText(error: unknown): string {
  const { errors = [], path, message } = error as SystemError;
  // A name with several addresses: each was tried, and the first says why as well as any.
  const [first] = errors;
  if (first) return failureText(first);
  const ofFile = path === undefined ? undefined : fileProblem(path, error);
  if (ofFile !== undefined) return ofFile;
  if (isDatabaseUnavailable(error))
    return `The database does not answer: ${message}. Start Fixpoint with npm start, or run fixpoint doctor.`;
  return message;
}
