import { given } from './given.js';

/** A filter without the lists that were added to it: an absent condition is none, and an empty one selects nothing. */
export function selectAsSent<Filter extends object>(select: Filter, sent: unknown): Partial<Filter> {
  return given(select, (sent as { readonly select?: unknown } | undefined)?.select);
}
