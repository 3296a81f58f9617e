import { describe, expect, it, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, NotCanonical } from '../../src/domain/canonical.js';

describe('canonical JSON', () => {
  it('agrees with an independent implementation of RFC 8785 on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const clean = JSON.parse(JSON.stringify(value)) as unknown;
        expect(canonicalJson(clean)).toBe(canonicalize(clean));
      }),
      { numRuns: 1000 },
    );
  });

  it('sorts members by UTF-16 unit, not by code point', () => {
    expect(canonicalJson({ '\ufb33': 1, '\u{1f600}': 2, a: 3 })).toBe('{"a":3,"\u{1f600}":2,"\ufb33":1}');
  });

  it('writes minus zero as zero', () => expect(canonicalJson([-0, 0])).toBe('[0,0]'));

  test.each([
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['half a surrogate pair', 'a\ud800'],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a big integer', 1n],
  ])('refuses %s, with its path', (_, value) => {
    expect(() => canonicalJson({ deep: [value] })).toThrow(NotCanonical);
    expect(() => canonicalJson({ deep: [value] })).toThrow('/deep/0');
  });
});
