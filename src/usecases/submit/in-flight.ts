/** Requests that were read and are not stored yet, by person and target: they count for the rate limit like those that are stored. */
export interface InFlight {
  /** Counts a request for each of these targets in; @returns how many came before it, by target, and what counts it out. */
  enter(person: string, targets: readonly string[]): { readonly before: (target: string) => number; leave(): void };
}

/**
 * The requests in flight of this process. A request that was stored a moment ago may be counted twice: of requests at the same time
 * one too many may be refused near the limit, and never one too many accepted by one process.
 */
export function createInFlight(): InFlight {
  const counts = new Map<string, number>();
  return {
    enter(person, targets) {
      const keys = targets.map((target) => `${person}\n${target}`);
      const before = new Map(keys.map((key) => [key, counts.get(key) ?? 0]));
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return {
        before: (target) => before.get(`${person}\n${target}`) ?? 0,
        leave() {
          for (const key of keys) {
            const left = (counts.get(key) ?? 1) - 1;
            if (left === 0) counts.delete(key);
            else counts.set(key, left);
          }
        },
      };
    },
  };
}
