import { expect, it } from '@jest/globals';
import { isDatabaseUnavailable } from '../../src/platform/database-unavailable.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });

it.each<[unknown, boolean]>([
  [coded('ECONNREFUSED'), true],
  [coded('ECONNRESET'), true],
  [coded('57P01'), true],
  [coded('57014'), true],
  [coded('53100'), true],
  [coded('08006'), true],
  // A role that may not log in, and a password that was changed.
  [coded('28000'), true],
  [coded('28P01'), true],
  [coded('58030'), true],
  [coded('25006'), true],
  [new Error('Connection terminated unexpectedly'), true],
  [new Error('Query read timeout'), true],
  [new Error('timeout exceeded when trying to connect'), true],
  [coded('23505'), false],
  [coded('42703'), false],
  [coded('22P02'), false],
  [new TypeError('x is not a function'), false],
  [new Error('job 1: running does not lead to planning'), false],
  [new Error('no open intent for a'), false],
  ['thrown text', false],
])('says of %p whether the database was unavailable: %s', (error, unavailable) => {
  expect(isDatabaseUnavailable(error)).toBe(unavailable);
});
