import { describe, expect, it } from '@jest/globals';
import type { Client } from '../../src/cli/api/client.js';
import type { RolloutDetail } from '../../src/cli/api/types.js';
import { progressBlock } from '../../src/cli/rollout/progress.js';
import { watchRollout } from '../../src/cli/rollout/watch.js';

/** What a person sees of a rollout while it is carried out. */

type Status = RolloutDetail['items'][number]['status'];
/** f: fixed, x: failed, u: unreached, s: started, r: ready; one string for each wave. */
const LETTERS: Readonly<Record<string, Status>> = { f: 'fixed', x: 'failed', u: 'unreached', s: 'started', r: 'ready' };
const rollout = (waves: readonly string[], more: object = {}): RolloutDetail => {
  const items = waves.flatMap((letters, wave) =>
    [...letters].map((letter) => ({ target: 'box', state: 'queued', status: LETTERS[letter], wave, parameters: {} })),
  );
  return {
    ...{ id: 'r-1', runbook: { id: 'set-notice' }, status: 'running', stops: [] },
    items: items.map((item, index) => ({ ...item, index, job: `job-${index}` })),
    waves: waves.map((letters, at) => ({
      ...(at === 0 ? { name: 'canary' } : {}),
      items: letters.length,
      proved: /^[fx]+$/.test(letters),
    })),
    ...more,
  } as unknown as RolloutDetail;
};

describe('the progress of a rollout', () => {
  it('is a bar for each wave, the results, the rate and the time left', () => {
    const block = progressBlock(rollout(['f', 'ffxs', 'rrrrrrrr']), 80, { endedBefore: 1, ms: 60_000 });
    expect(block).toEqual([
      'Rollout r-1  set-notice over 13 items  running',
      `canary       [${'#'.repeat(36)}]       1/1  proved`,
      `wave 2       [${'#'.repeat(27)}${'.'.repeat(9)}]       3/4  1 not fixed`,
      `wave 3       [${'.'.repeat(36)}]       0/8`,
      '3 done, 1 failed, 0 unknown, 0 unreached, 1 running',
      '3.0 a minute, about 3 min left',
    ]);
  });

  it.each<[string, number, number, string]>([
    ['nothing ended meanwhile', 1, 60_000, '1 done, 0 failed, 0 unknown, 0 unreached, 0 running'],
    ['seconds are left', 0, 1000, '60 a minute, about 10 s left'],
    ['hours are left', 0, 3_600_000, '0.0 a minute, about 8 h 0 min left'],
  ])('says no more than is known: %s', (_, endedBefore, ms, text) => {
    expect(progressBlock(rollout(['f', 'rrrrrrrr']), 120, { endedBefore, ms }).at(-1)).toBe(text);
  });

  it('says why a rollout is paused, and keeps every line within the terminal', () => {
    const pause = { id: 'p-1', kind: 'pause', ended: false, by: null, code: 'budget-exceeded', items: [0] };
    const meaning = 'More items failed than the budget allows. '.repeat(3);
    const paused = rollout(['x', 'rr'], { status: 'paused', stops: [{ ...pause, meaning }] });
    const block = progressBlock(paused, 50);
    expect(block.join('')).toContain(`Paused (p-1): ${meaning} [budget-exceeded]`);
    for (const line of block) expect(line.length).toBeLessThanOrEqual(50);
  });

  it('counts characters that take two cells', () => {
    const wide = rollout(['f'], { waves: [{ name: '第一波'.repeat(9), items: 1, proved: true }] });
    for (const line of progressBlock(wide, 60)) {
      const cells = [...line].reduce((sum, one) => sum + (one > '\u10ff' ? 2 : 1), 0);
      expect(cells).toBeLessThanOrEqual(60);
    }
  });

  it('shows nothing that a terminal obeys', () => {
    const hostile = rollout(['f'], { runbook: { id: 'a\u001b[2Jb' }, waves: [{ name: '\u202ename', items: 1 }] });
    expect(progressBlock(hostile, 80).join('\n')).not.toMatch(/[\u001b\u202e]/u);
  });
});

describe('rollout watch', () => {
  const states = [
    rollout(['s', 'r']),
    rollout(['f', 's']),
    rollout(['f', 'f'], { status: 'ended', ending: 'finished' }),
  ];
  const client = () => {
    let at = 0;
    return { get: () => Promise.resolve(states[Math.min(at++, states.length - 1)]) } as unknown as Client;
  };

  it('draws over what it drew on a terminal', async () => {
    let text = '';
    const screen = { isTTY: true, columns: 81, write: (part: string) => (text += part) };
    await watchRollout(client(), 'r-1', screen, 1);
    expect(text.split('\u001b[J')).toHaveLength(3);
    expect(shown(text)).toEqual([
      'Rollout r-1  set-notice over 2 items  ended (finished)',
      expect.stringMatching(/^canary +\[#+\] +1\/1 {2}proved$/),
      expect.stringMatching(/^wave 2 +\[#+\] +1\/1 {2}proved$/),
      '2 done, 0 failed, 0 unknown, 0 unreached, 0 running',
    ]);
  });

  it('shows nothing where nobody looks', async () => {
    expect((await watchRollout(client(), 'r-1', undefined, 1)).status).toBe('ended');
  });
});

/** What stands on a terminal after these characters: lines that are written, gone up over and cleared from there on. */
function shown(text: string): readonly string[] {
  const lines: string[] = [];
  let row = 0;
  for (const [, up, clear, end, plain] of text.matchAll(/\u001b\[(\d+)A|(\u001b\[J)|(\n)|([^\u001b\n]+)/gu)) {
    if (up !== undefined) row -= Number(up);
    else if (clear !== undefined) lines.length = row;
    else if (end !== undefined) row += 1;
    else lines[row] = `${lines[row] ?? ''}${plain}`;
  }
  return lines;
}
