import { rolloutText } from '../../src/cli/rollout/text.js';
import { progressLine } from '../../src/cli/rollout/watch.js';
import type { RolloutDetail } from '../../src/cli/api/types.js';
import { listToSign } from '../../src/cli/rollout/list-to-decide.js';
import type { Client } from '../../src/cli/api/client.js';
import { BROKEN, noticeOf, type DemoServer } from './servers.js';

const NEW = 'Authorised people only. Everything is logged.\n';
/** Failures that the requester allows for: one less than there are broken servers. */
const BUDGET = 3;
/** Servers of the second wave: more than the broken ones, which are all in it. */
const SECOND = 6;

export interface StoryParts {
  readonly people: { readonly operator: Client; readonly approver: Client; readonly approver2: Client };
  readonly servers: readonly DemoServer[];
  readonly say: (line: string) => void;
  /** Ends the worker process as a power cut would. */
  readonly killWorker: () => void;
}

/** Something was not as the demonstration expects. */
export class NotAsExpected extends Error {}

/**
 * One request over all servers, of which four are broken: the canary is proved, the second wave uses up its budget, the broken ones are left
 * out, the worker is killed in the last wave, and the report names each server. @returns the rollout as it ended
 * @throws NotAsExpected
 */
export async function playRollout({ people, servers, say, killWorker }: StoryParts): Promise<RolloutDetail> {
  const expect = (what: string, holds: boolean) => {
    if (!holds) throw new NotAsExpected(`Not as expected: ${what}`);
    say(`  ✓ ${what}`);
  };
  say('\n== The request: one list, one reason');
  const made = await people.operator.post('/v1/rollouts', {
    body: {
      ...{ runbook: 'set-login-notice', reason: 'The new notice of the legal department', expect: servers.length },
      items: servers.map(({ name, file }) => ({ target: name, parameters: { file, text: NEW } })),
      waves: [{ name: 'canary', size: 1 }, { size: SECOND }, { size: 'rest' }],
      budget: { failed: BUDGET },
    },
  });
  const read = () => people.operator.get('/v1/rollouts/{id}', { path: { id: made.id } });
  const until = follow(read, say);
  const planned = await until(({ items }) => items.every(({ status }) => status !== 'planning'));
  expect(
    'every server was planned and none was changed',
    planned.items.every(({ status }) => status === 'planned') && servers.every((one) => noticeOf(one) !== NEW),
  );

  say('\n== The decision: the plans in groups, decided once by two people');
  const list = await listToSign(people.approver, planned);
  say(list.text);
  for (const person of ['approver', 'approver2'] as const)
    await people[person].post('/v1/rollouts/{id}/decision', {
      path: { id: made.id },
      body: { decision: 'approve', root: list.root, reason: 'The text is that of the legal department' },
    });

  say('\n== The waves');
  const paused = await until(({ status }) => status === 'paused' || status === 'ended');
  const failed = paused.items.filter(({ status }) => status === 'failed').map(({ target }) => target);
  say(rolloutText(paused));
  expect('the canary was proved', paused.waves[0]?.proved === true);
  expect(
    'the second wave exceeded the budget and paused the rollout',
    paused.status === 'paused' && paused.stops.some(({ code, ended }) => code === 'budget-exceeded' && !ended),
  );
  expect('exactly the broken servers failed', String([...failed].sort()) === String([...BROKEN].sort()));
  expect(
    'nothing of the last wave was started',
    paused.items.every(({ wave, status }) => wave !== 2 || status === 'ready'),
  );

  say('\n== Two approvers leave the broken servers out and resume');
  const ends = paused.stops.flatMap(({ id, kind, ended }) => (kind === 'pause' && !ended ? [id] : []));
  const exclude = paused.items.flatMap(({ index, target }) => (BROKEN.includes(target) ? [index] : []));
  for (const person of ['approver', 'approver2'] as const)
    await people[person].post('/v1/rollouts/{id}/resume', {
      path: { id: made.id },
      body: { ends, exclude, reason: 'A folder is in the way there; the owners know' },
    });
  await until(({ items }) => items.some(({ wave, status }) => wave === 2 && status === 'started'));
  killWorker();
  say('  The worker was killed in the middle of the last wave. The supervisor starts it again.');
  const ended = await until(({ status }) => status === 'ended');

  say('\n== The report');
  for (const { target, wave, status, code } of ended.items)
    say(`  ${target}  wave ${wave === null ? '-' : wave + 1}  ${status}${code === undefined ? '' : `: ${code}`}`);
  expect('the rollout finished', ended.ending === 'finished');
  expect(
    `${servers.length - BROKEN.length} servers are fixed, and the ${BROKEN.length} broken ones are named as failed`,
    ended.items.every(({ target, status }) => status === (BROKEN.includes(target) ? 'failed' : 'fixed')),
  );
  expect(
    'the servers themselves say the same',
    servers.every((one) => noticeOf(one) === (BROKEN.includes(one.name) ? undefined : NEW)),
  );
  return ended;
}

/** Reads the rollout again until something holds of it, and says each change of where it is. */
function follow(read: () => Promise<RolloutDetail>, say: (line: string) => void) {
  let before = '';
  return async (holds: (rollout: RolloutDetail) => boolean): Promise<RolloutDetail> => {
    for (;;) {
      const rollout = await read();
      const line = progressLine(rollout);
      if (line !== before) say(`  ${line}`);
      before = line;
      if (holds(rollout)) return rollout;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
}
