import { createPostgresQueue } from '../../../src/adapters/queue/index.js';
import { readLedgers } from '../checker/collect.js';
import type { Rig } from '../rig/rig.js';

/** Which lives lead to points whose name has one of the words: what is owed last lies deep in them. */
export const LEADS: readonly (readonly [words: readonly string[], lives: readonly string[]])[] = [
  [
    ['prove-waiting', 'finish-job'],
    ['the proof takes its time', 'answer is lost and the proof is missing', 'waiting'],
  ],
  [
    ['undo-own-changes', 'fail-job'],
    ['refused and put back', 'refused', 'undone'],
  ],
  [['claim-job'], ['two want the same', 'target changes under a grant', 'contended']],
  [['expire'], ['approval expires']],
  [['defer-job'], ['deferred', 'takes long']],
  [
    ['reconcile/', 'record-in-place'],
    [
      'a person says what the target does not show',
      'answer is lost',
      'answer is lost and the target is closed',
      'once is lost',
    ],
  ],
  [['needs-attention'], ['target changes while a result is unknown', 'once is lost']],
  [['late-result'], ['takes long', 'send', 'undone']],
  [
    ['inventory', 'freeze'],
    ['target changes under a grant', 'target changes while a result is unknown'],
  ],
  [['consents'], ['a consent is recorded']],
  [['routing'], ['access is denied']],
  [['catalogue', 'runbook-worker'], ['a runbook comes and goes']],
];

export const leadsTo = (owed: readonly string[]): readonly string[] =>
  LEADS.flatMap(([words, lives]) => (owed.some((name) => words.some((word) => name.includes(word))) ? lives : []));

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

/** Words in the names of the points that `createPush` leads to. */
export const PUSHED = { message: ['dropped-messages'], outage: ['spool', 'late-result'] } as const;

/** Does from outside what no life of people leads to; nothing while nothing of it is owed. */
export function createPush(rig: Rig) {
  const queue = createPostgresQueue({ url: rig.queueUrl, log: () => undefined });
  const forged = () => ({ id: `m-${crypto.randomUUID()}`, jobId: crypto.randomUUID(), priority: 1 });
  return {
    async push(owed: readonly string[]): Promise<void> {
      const owes = (words: readonly string[]) => owed.some((name) => words.some((word) => name.includes(word)));
      const ready = rig.of('worker').filter((keeper) => keeper.isReady());
      // The database may be away just now: the next turn sends another.
      if (owes(PUSHED.message)) await queue.send('default', [forged()]).catch(() => undefined);
      // A result that is heard while the record is away is kept by the worker and merged later.
      if (owes(PUSHED.outage) && ready.length > 1 && changesInHand(rig)) return rig.postgres.killAndRestart();
    },
    close: () => queue.close(),
  };
}
