import type { Who } from '../support/people.js';
import { READERS, reason, submission, type Deepen } from './depth.js';

const ASKERS: readonly Who[] = ['helpdesk', 'operator', 'admin'];
const anyScan: Deepen = ({ scans }, random) => ({ id: random.pick(scans).id, who: READERS });

/** Requests about scans. */
export const SCANS: Readonly<Record<string, Deepen>> = {
  'POST /v1/scans': (world, random) => {
    const { runbook } = submission(world, random);
    const items = Array.from({ length: 1 + random.int(2) }, () => {
      const { target, parameters } = submission(world, random);
      return { target, parameters };
    });
    return { who: ASKERS, body: { runbook, ...reason(random), items, expect: items.length } };
  },
  'GET /v1/scans/{id}': anyScan,
  'GET /v1/scans/{id}/report': anyScan,
  'POST /v1/scans/{id}/cancel': ({ scans }, random) => ({
    id: random.pick(scans).id,
    who: ['operator', 'admin'],
    body: reason(random),
  }),
};
