/**
 * What a code means for whoever raised it. A phase of a runbook may throw only codes of the first four classes:
 * - `refused`: nothing was changed, the job is `blocked`;
 * - `deferred`: the job waits and runs Detect again;
 * - `failed`: a change was attempted and the system rejected it;
 * - `waiting`: the change was made and needs time to take effect.
 *
 * The others belong to the product: `job` is why a job is in its state or why a decision on it was refused, `request` is why the API or
 * the command line refused a request, `restore` is why a backup was not restored, `fault` and `note` are findings of
 * `fixpoint doctor` (a note is worth knowing but not wrong).
 */
export type CodeClass =
  'refused' | 'deferred' | 'failed' | 'waiting' | 'job' | 'request' | 'restore' | 'fault' | 'note';

/** A class that a phase of a runbook may throw. */
export type PhaseCodeClass = Extract<CodeClass, 'refused' | 'deferred' | 'failed' | 'waiting'>;

/** What a person reads about a code: what happened, and what to do next. */
export interface CodeWords {
  readonly en: string;
  readonly zhTW: string;
  readonly next: { readonly en: string; readonly zhTW: string };
}

export interface CodeEntry extends CodeWords {
  readonly class: CodeClass;
}
