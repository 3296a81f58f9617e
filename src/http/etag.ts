/** Entity-tags of a resource by its revision (RFC 9110, sections 8.8.3 and 13.1.1). */
export const etagOf = (revision: number): string => `"${revision}"`;

/** `*`, or a list of entity-tags. */
export const IF_MATCH = '^(\\*|(W/)?"[!#-~]*"([ \\t]*,[ \\t]*(W/)?"[!#-~]*")*)$';

/** Whether the condition of a request holds for what is there: compared strongly, so that a weak tag matches nothing. */
export function matches(ifMatch: string | undefined, revision: number): boolean {
  if (ifMatch === undefined || ifMatch === '*') return true;
  return [...ifMatch.matchAll(/(W\/)?("[^"]*")/g)].some(
    ([, weak, tag]) => weak === undefined && tag === etagOf(revision),
  );
}
