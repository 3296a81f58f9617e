import { describe, expect, it } from '@jest/globals';
import { STATES, type State } from '../../../src/domain/job.js';
import { isExposed, statusOf, type ItemFacts, type ItemStatus } from '../../../src/domain/rollouts/item-status.js';

const facts = (more: Partial<ItemFacts> = {}): ItemFacts => ({
  state: 'awaiting-approval',
  partial: false,
  planListed: true,
  granted: false,
  excluded: false,
  endLogged: true,
  ...more,
});
const granted = (state: State, more: Partial<ItemFacts> = {}) => statusOf(facts({ state, granted: true, ...more }));

describe('an item without a grant', () => {
  it('may be started while it waits with the plan of the list', () => expect(statusOf(facts())).toBe('ready'));

  it.each<[string, Partial<ItemFacts>]>([
    ['a person took out', { excluded: true }],
    ['has another plan by now', { planListed: false }],
    ...STATES.filter((state) => state !== 'awaiting-approval').map((state): [string, Partial<ItemFacts>] => [
      `is ${state}`,
      { state },
    ]),
  ])('is never started when it %s', (_, more) => expect(statusOf(facts(more))).toBe('left-out'));
});

describe('an item with a grant', () => {
  it.each<[State, ItemStatus]>([
    ['queued', 'started'],
    ['running', 'started'],
    ['waiting', 'started'],
    ['rolling-back', 'started'],
    ['deferred', 'started'],
    ['unknown', 'unknown'],
    ['needs-attention', 'unknown'],
    ['failed', 'failed'],
    ['rolled-back', 'failed'],
    ['rollback-failed', 'failed'],
    ['blocked', 'failed'],
    ['expired', 'unreached'],
    ['cancelled', 'left-out'],
  ])('that is %s counts as %s', (state, status) => expect(granted(state)).toBe(status));

  it('is fixed only with the outcome and the event of who writes such events', () => {
    expect(granted('succeeded', { outcome: 'fixed' })).toBe('fixed');
    expect(granted('succeeded', { outcome: 'already-fine' })).toBe('already-fine');
    expect(granted('succeeded')).toBe('already-fine');
    expect(granted('succeeded', { outcome: 'fixed', endLogged: false })).toBe('unknown');
  });

  it('has failed when it drifted, and is unknown where a row says that its grant never was', () => {
    expect(granted('awaiting-approval', { planListed: false })).toBe('failed');
    expect(granted('awaiting-approval')).toBe('unknown');
    expect(granted('planning')).toBe('unknown');
    expect(granted('compliant')).toBe('unknown');
  });

  it('has failed when changes of it are in place at an end that usually means nothing was done', () => {
    for (const state of ['cancelled', 'expired', 'blocked'] as const)
      expect(granted(state, { partial: true })).toBe('failed');
  });

  it('could not be reached where it was put off until its deadline', () => {
    expect(granted('blocked', { code: 'deferral-expired' })).toBe('unreached');
    expect(granted('blocked', { code: 'grant-invalid' })).toBe('failed');
    expect(granted('failed', { code: 'deferral-expired' })).toBe('failed');
  });

  it('is never ready again, whatever is in its row', () => {
    for (const state of STATES)
      for (const planListed of [true, false]) expect(granted(state, { planListed })).not.toBe('ready');
  });

  it('can act by itself until it ends, unless a person has to look', () => {
    expect(isExposed('started', { state: 'deferred' })).toBe(true);
    expect(isExposed('unknown', { state: 'unknown' })).toBe(true);
    expect(isExposed('unknown', { state: 'needs-attention' })).toBe(false);
    expect(isExposed('failed', { state: 'failed' })).toBe(false);
  });
});
