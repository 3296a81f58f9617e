import type { LoadProblem, StoredGate } from '../../ports/runbook-catalogue.js';
import { createStoredChecker } from './check-stored.js';

/** Keeps each verdict for the life of this process: the same bytes and the same engine give the same one. */
export function createStoredGate(): StoredGate {
  const verdicts = new Map<string, Promise<readonly LoadProblem[]>>();
  return {
    async problems(bundle, host) {
      const about = `${bundle.contentDigest} ${await host.engineDigest()}`;
      const verdict = verdicts.get(about) ?? createStoredChecker(host).check(bundle);
      verdicts.set(about, verdict);
      try {
        return await verdict;
      } catch (error) {
        if (verdicts.get(about) === verdict) verdicts.delete(about);
        throw error;
      }
    },
  };
}
