import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/domain/canonical.js';
import { shape } from '../../src/domain/values.js';

const list = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } } } };

describe('shape', () => {
  test.each([
    ['absent', {}, []],
    ['null', { items: null }, []],
    ['one item that PowerShell unrolled', { items: 'a' }, ['a']],
    ['one item', { items: ['a'] }, ['a']],
    ['two items', { items: ['a', 'b'] }, ['a', 'b']],
  ])('makes a list of %s', (_, value, expected) => {
    expect(shape(list, value)).toEqual({ ok: true, value: { items: expected } });
  });

  it('drops null for an optional member that may not be null, and keeps it where it may', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, b: { type: ['string', 'null'] } } };
    expect(shape(schema, { a: null, b: null })).toEqual({ ok: true, value: { b: null } });
  });

  it('coerces nothing else', () => {
    expect(shape({ type: 'object', properties: { n: { type: 'integer' } } }, { n: '1' })).toEqual({
      ok: true,
      value: { n: '1' },
    });
  });

  it('sorts a set by canonical text and refuses an item twice', () => {
    const schema = { type: 'array', 'x-set': true, items: { type: 'string' } };
    expect(shape(schema, ['b', 'a'])).toEqual({ ok: true, value: ['a', 'b'] });
    expect(shape(schema, ['a', 'a'])).toMatchObject({ ok: false, error: { code: 'duplicate-item' } });
  });

  it('keeps a member named __proto__ as data', () => {
    const shaped = shape({}, JSON.parse('{"__proto__":{"x":1}}'));
    expect(shaped.ok && canonicalJson(shaped.value)).toBe('{"__proto__":{"x":1}}');
  });

  test.each([
    ['names that differ in case only', { a: 1, A: 2 }, 'same-name', '/A'],
    ['an integer beyond 2^53-1', { n: 2 ** 53 }, 'integer-too-large', '/n'],
    ['half a surrogate pair', { s: '\udc00' }, 'not-a-value', '/s'],
    ['more than a mebibyte', { s: 'x'.repeat(1024 * 1024) }, 'too-large', ''],
    ['nine levels', { a: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } } }, 'too-deep', '/a/a/a/a/a/a/a/a/a'],
  ])('refuses %s', (_, value, code, path) => {
    expect(shape({}, value)).toMatchObject({ ok: false, error: { code, path } });
  });

  it('is the same the second time', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const once = shape({}, value);
        if (once.ok) expect(shape({}, once.value)).toEqual(once);
      }),
    );
  });
});
