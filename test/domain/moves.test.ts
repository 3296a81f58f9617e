import { describe, expect, it } from '@jest/globals';
import { invariantViolation, isTerminal, canTransition, STATES, type Job, type State } from '../../src/domain/job.js';
import type { Move } from '../../src/domain/move.js';
import {
  attentionNeeded,
  becameUnknown,
  claimed,
  complete,
  deferred,
  ended,
  givenBack,
  noted,
  queued,
  waiting,
} from '../../src/domain/moves.js';
import { after, jobOf, NOW } from '../support/job-views.js';

const held = { leaseUntil: after(30_000), nextTryAt: after(5_000), until: after(60_000) };
/** The job as the store leaves it. */
const left = (job: Job, move: Move) => {
  const done = complete(job.state, move);
  return { ...job, ...done.set, state: done.to, writes: (done.writes ?? []).map(({ kind }) => kind) };
};

describe('a move that leaves a state', () => {
  const pairs = STATES.flatMap((from) =>
    STATES.filter((to) => to !== from && canTransition(from, to)).map((to) => [from, to]),
  );

  it.each(pairs as [State, State][])(
    'from %s to %s sets no lease, timer or lock: they follow from the state',
    (from, to) => {
      const { leaseUntil, nextTryAt, until, writes } = left(jobOf({ state: from, ...held }), { to, events: [] });
      const keeps = from === 'running' && to === 'rolling-back';
      expect(leaseUntil).toEqual(keeps ? held.leaseUntil : null);
      expect(nextTryAt).toEqual(keeps ? held.nextTryAt : null);
      expect(until).toEqual(isTerminal(to) ? null : held.until);
      const hold = ['queued', 'running', 'rolling-back', 'unknown'];
      expect(writes).toEqual(hold.includes(from) && !hold.includes(to) ? ['unlock'] : []);
    },
  );

  it('never leaves an ended job with a lease, a timer or a lock', () => {
    for (const [from, to] of pairs as [State, State][]) {
      if (!isTerminal(to)) continue;
      expect(left(jobOf({ state: from, ...held }), { to, events: [] })).toMatchObject({
        leaseUntil: null,
        nextTryAt: null,
        until: null,
      });
    }
  });

  it('keeps the fields it sets, and its own rows before the release', () => {
    const move = deferred({ code: 'unreachable' }, after(1), after(2), {
      writes: [{ kind: 'revoke-grant', jti: 'grant-1' }],
    });
    expect(left(jobOf(held), move)).toMatchObject({
      nextTryAt: after(1),
      until: after(2),
      leaseUntil: null,
      writes: ['revoke-grant', 'unlock'],
    });
  });
});

describe('a move within a state', () => {
  it.each(STATES.filter((state) => !isTerminal(state)))('leaves lease, timers and locks of %s alone', (state) => {
    expect(left(jobOf({ state, ...held }), { to: state, events: [] })).toMatchObject({ ...held, writes: [] });
  });

  it.each<[string, Partial<Job>, Date | undefined]>([
    ['its lease', { ...held }, held.leaseUntil],
    ['its next try', { state: 'waiting', nextTryAt: after(5) }, after(5)],
    ['the expiry of its plan', { state: 'awaiting-approval' }, jobOf().plan?.expiresAt],
    ['none, where it has none', { state: 'queued' }, undefined],
  ])('that is a note keeps the timer of the job: %s', (_, more, wakeAt) => {
    const { leaseUntil: _lease, ...free } = jobOf();
    expect(noted({ ...free, ...more }, {}).wakeAt).toEqual(wakeAt);
  });

  it('that is a note on an ended job sets nothing and sends nothing', () => {
    const { set, message } = noted(jobOf({ state: 'failed' }), {});
    expect([set, message]).toEqual([undefined, undefined]);
  });
});

describe('the constructors', () => {
  const job = jobOf({ state: 'running' });
  const why = { code: 'unreachable', detail: 'd' } as const;
  it.each<[string, Job, Move]>([
    ['ended', job, ended('failed', why)],
    ['needs attention', job, attentionNeeded(why, true)],
    ['needs attention, again', jobOf({ state: 'needs-attention', ...held }), attentionNeeded(why, true)],
    ['unknown', job, becameUnknown(why, after(1))],
    ['deferred', job, deferred(why, after(1), after(2))],
    ['waiting', job, waiting(why, after(1), after(2))],
    ['claimed', jobOf({ state: 'queued' }), claimed(job, 'running', { worker: 'w', until: after(9) })],
    ['queued', jobOf({ state: 'unknown' }), queued(2)],
    ['given back', jobOf({ state: 'unknown' }), givenBack('unknown', after(3))],
    ['noted', job, noted(job, {})],
  ])('make a state change that the table of transitions and the invariants allow: %s', (_, from, move) => {
    expect(canTransition(from.state, move.to)).toBe(true);
    const { writes: _writes, ...moved } = left(from, move);
    expect(invariantViolation(moved as unknown as Job)).toBeUndefined();
  });

  it('claim with the next epoch, so that later writes of the previous claim are refused', () => {
    expect(claimed(jobOf({ epoch: 3 }), 'running', { worker: 'w', until: after(9) })).toMatchObject({
      set: { epoch: 4, worker: 'w', leaseUntil: after(9) },
      wakeAt: after(9),
    });
  });

  it('wake a job at its next attempt', () => {
    for (const move of [
      becameUnknown(why, NOW),
      deferred(why, NOW, after(1)),
      waiting(why, NOW, after(1)),
      givenBack('waiting', NOW),
    ])
      expect([move.set?.nextTryAt, move.wakeAt]).toEqual([NOW, NOW]);
  });

  it('leave a job that needs attention without lease and timer, also if it needed attention before', () => {
    expect(left(jobOf({ state: 'needs-attention', ...held }), attentionNeeded(why, false))).toMatchObject({
      leaseUntil: null,
      nextTryAt: null,
      until: null,
    });
  });

  it('keep the locks of a job whose outcome is unknown', () => {
    expect(left(job, becameUnknown(why, NOW)).writes).toEqual([]);
    expect(left(jobOf({ state: 'unknown' }), queued(2)).writes).toEqual([]);
  });
});
