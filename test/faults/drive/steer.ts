import { createPostgresQueue } from '../../../src/adapters/queue/index.js';
import { readLedgers } from '../checker/collect.js';
import type { Dice } from '../rig/folders.js';
import type { Rig } from '../rig/rig.js';

/** Which lives lead to the points of a file: what is owed last lies deep in them. */
const LEADS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/prove-waiting|finish-job/, ['the proof takes its time', 'answer is lost and the proof is missing', 'waiting']],
  [/undo-own-changes|fail-job|undo/, ['refused and put back', 'refused', 'undone']],
  [/drift|claim-job/, ['two want the same', 'target changes under a grant', 'contended']],
  [/expire/, ['approval expires']],
  [/defer-job/, ['deferred', 'takes long']],
  [
    /resolve|record-in-place/,
    [
      'a person says what the target does not show',
      'answer is lost',
      'answer is lost and the target is closed',
      'once is lost',
    ],
  ],
  [/effects|merge-results/, ['takes long', 'send', 'undone']],
  [/inventory|freeze/, ['target changes under a grant']],
  [/consents/, ['a consent is recorded']],
  [/routing/, ['access is denied']],
  [/catalogue|runbook-worker/, ['a runbook comes and goes']],
];

export const leadsTo = (owed: readonly string[]): readonly string[] =>
  LEADS.flatMap(([files, lives]) => (owed.some((name) => files.test(name)) ? lives : []));

/** A change this young that has not ended is most likely still in hand, and not one of a worker that was killed. */
const YOUNG_MS = 1200;

export function changesInHand({ ledgers }: Rig): boolean {
  const lines = readLedgers(ledgers);
  const ended = new Set(lines.filter(({ word }) => word === 'end').map(({ job, object }) => `${job} ${object}`));
  const now = Date.now();
  return lines.some(
    ({ word, job, object, at }) => word === 'begin' && now - at < YOUNG_MS && !ended.has(`${job} ${object}`),
  );
}

/** Does from outside what no life of people leads to; nothing while nothing of it is owed. */
export function createPush(rig: Rig, nemesis: Dice) {
  const queue = createPostgresQueue({ url: rig.queueUrl, log: () => undefined });
  const forged = () => ({ id: `m-${crypto.randomUUID()}`, jobId: crypto.randomUUID(), priority: 1 });
  return {
    async push(owed: readonly string[]): Promise<void> {
      const owes = (files: RegExp) => owed.some((name) => files.test(name));
      const ready = rig.of('worker').filter((keeper) => keeper.isReady());
      // The database may be away just now: the next turn sends another.
      if (owes(/dropped-messages/)) await queue.send('default', [forged()]).catch(() => undefined);
      // A result that is heard while the record is away is kept by the worker and merged later.
      if (owes(/spool|merge-results/) && ready.length > 1 && changesInHand(rig)) return rig.postgres.killAndRestart();
      // Told to stop in an orderly way: then what it only read is given back.
      if (owes(/giveBack/) && ready.length > 0) nemesis.pick(ready).signal('SIGTERM');
    },
    close: () => queue.close(),
  };
}
