import { describe, expect, it } from '@jest/globals';
import { isListed, listBytes, listProofs, listRoot, readList, type PlanList } from '../../src/domain/rollout-list.js';

const listOf = (count: number): PlanList =>
  Array.from({ length: count }, (_, i) => ({ index: 2 * i, job: `job-${i}`, plan: String(i).padStart(64, '0') }));

describe('the list of plans that is approved', () => {
  it('has a root that every plan proves to be under, and no other', () => {
    for (const count of [1, 2, 3, 60, 500]) {
      const list = listOf(count);
      const root = listRoot(list);
      for (const at of [0, 1, count - 1].filter((each) => each < count)) {
        const plan = list[at] ?? { index: 0, job: '', plan: '' };
        const [proof = []] = listProofs(list, [at]);
        const where = { position: at, count, root, proof };
        expect(isListed(plan, where)).toBe(true);
        expect(isListed({ ...plan, plan: 'f'.repeat(64) }, where)).toBe(false);
        expect(isListed({ ...plan, job: 'another' }, where)).toBe(false);
        expect(isListed({ ...plan, index: plan.index + 1 }, where)).toBe(false);
        expect(isListed(plan, { ...where, position: at + 1 })).toBe(false);
        expect(isListed(plan, { ...where, count: count + 1 })).toBe(false);
        expect(isListed(plan, { ...where, proof: [...proof, root] })).toBe(false);
        expect(isListed(plan, { ...where, root: '0'.repeat(64) })).toBe(false);
        expect(isListed(plan, { ...where, root: 'no hash' })).toBe(false);
        expect(isListed(plan, { ...where, proof: proof.map(() => 'no hash'), position: at }) && proof.length > 0).toBe(
          false,
        );
      }
    }
  });

  it('has another root in another order, and without one of its plans', () => {
    const list = listOf(3);
    const roots = [list, list.toReversed(), list.slice(1), list.slice(0, 2), [...list, ...list]].map(listRoot);
    expect(new Set(roots).size).toBe(roots.length);
  });

  it('is read from its one form alone', () => {
    const list = listOf(3);
    expect(readList(listBytes(list))).toEqual(list);
    expect(readList('[]')).toEqual([]);
    for (const bytes of [
      ...['', 'null', '{}', '[1]', '[[0,"a"]]', '[["0","a","b"]]', '[[-1,"a","b"]]', '[[0.5,"a","b"]]', '[[0,1,"b"]]'],
      // Another order, an index twice, a job twice, blanks.
      ...['[[1,"a","b"],[0,"c","d"]]', '[[0,"a","b"],[0,"c","d"]]', '[[0,"a","b"],[1,"a","d"]]', '[[0, "a","b"]]'],
    ])
      expect(readList(bytes)).toBeUndefined();
  });
});
