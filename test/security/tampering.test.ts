import { describe, expect, it } from '@jest/globals';
import { counted } from '../support/counted.js';
import { admissionOperators } from './admission-tampering.js';
import { chain, entriesOf, SIGNER } from './logs.js';
import { revocationOperators } from './revocation-tampering.js';
import { ruleOperators } from './rule-tampering.js';
import { checkpointsOf, missed, numbersFrom, OPERATORS, verdictOf } from './tampering.js';

const entries = entriesOf(30);
const links = chain(entries);
const kept = checkpointsOf(links, 40);

describe('the verifier, with checkpoints that were kept', () => {
  it.each(Object.keys(OPERATORS))('finds %s, and where it begins', (name) => {
    const operator = OPERATORS[name];
    const below = numbersFrom(1);
    for (let i = 0; i < counted(20, 60); i++) {
      const tampered = operator?.(entries, links, below);
      if (!tampered) throw new Error(name);
      expect([i, missed(verdictOf(tampered.links, kept), tampered, kept)]).toEqual([i, undefined]);
    }
  });

  it('finds nothing in logs that are as they were written', () => {
    for (let jobs = 0; jobs < counted(60, 200); jobs++) {
      const clean = chain(entriesOf((jobs % 20) + 1));
      const verdict = verdictOf(clean, checkpointsOf(clean, 5 + (jobs % 9)));
      expect([jobs, verdict.ok, verdict.problems, verdict.covered]).toEqual([jobs, true, [], clean.length]);
    }
  });

  it('without checkpoints misses what was cut or hashed anew: that is what they are for', () => {
    const below = numbersFrom(2);
    const cut = OPERATORS['a cut end']?.(entries, links, below);
    const changed = OPERATORS['an event changed, hashed']?.(entries, links, below);
    expect([cut, changed].map((each) => verdictOf(each?.links ?? [], []).ok)).toEqual([true, true]);
  });
});

describe('the verifier, without any checkpoint', () => {
  const operators = { ...admissionOperators(SIGNER), ...ruleOperators(SIGNER), ...revocationOperators() };
  it.each(Object.keys(operators))('finds %s, at the event that does not hold', (name) => {
    const below = numbersFrom(3);
    for (let i = 0; i < 10; i++) {
      const tampered = operators[name]?.(entries, links, below);
      const [first] = verdictOf(tampered?.links ?? [], []).problems;
      expect([i, first?.seq]).toEqual([i, tampered?.first]);
    }
  });
});
