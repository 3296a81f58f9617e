import { expect, it } from '@jest/globals';
import { isErasableSubject } from '../../src/domain/subjects.js';
import { command } from '../support/command-line.js';

/** No server and no database is there: a command that asked either would say that. */
const run = (...words: string[]) =>
  command(
    { FIXPOINT_HOME: '/nonexistent', FIXPOINT_URL: 'http://127.0.0.1:9', FIXPOINT_TOKEN: 'fxp_0_x', DATABASE_URL: '' },
    ...words,
  );

it.each([[''], ['   '], ['ab'], [' a  '], ['\u0000\u0001\u0002'], ['\n\n\n\n']])(
  'values are not erased for the subject %j, which fits too many jobs',
  async (subject) => {
    expect(isErasableSubject(subject)).toBe(false);
    expect(await run('audit', 'erase', '--subject', subject, '--reason', 'r', '--yes')).toEqual({
      code: 2,
      text: expect.stringMatching(/at least 3 characters|is empty/),
    });
  },
);

it('a subject of three characters is enough', () => {
  expect([isErasableSubject('Ann'), isErasableSubject(' Ann ')]).toEqual([true, true]);
});

it.each([
  [['target', 'remove', '', '--yes']],
  [['target', 'edit', '', '--site', 'x']],
  [['target', 'show', '']],
  [['target', 'show', '..']],
  [['target', 'test', '.']],
  [['runbook', 'show', '']],
  [['job', 'cancel', '', '--reason', 'r']],
  [['job', 'rollback', '', '--reason', 'r']],
  [['job', 'submit', '', 'box', '--reason', 'r']],
  [['token', 'revoke', '']],
  [['token', 'revoke', '--person', '']],
  [['token', 'list', '--person', '']],
])('%j is wrong usage: an empty name never means all', async (words) => {
  const { code, text } = await run(...words);
  expect([code, text]).toEqual([2, expect.not.stringContaining('does not answer')]);
});
