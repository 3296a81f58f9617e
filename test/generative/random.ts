/** Choices that a seed determines. */
export interface Random {
  /** A whole number from 0 to `most`, both included. */
  int(most: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
  shuffled<T>(list: readonly T[]): readonly T[];
}

/** The choices of these seeds: other seeds, such as the number of a request, give choices that have nothing to do with each other. */
export function randomOf(...seeds: readonly number[]): Random {
  let state = seeds.reduce(
    (hash, seed) => Math.imul(hash ^ (seed + 0x9e3779b9), 0x85ebca6b) ^ (hash >>> 13),
    0x2545f491,
  );
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (most: number) => Math.floor(next() * (most + 1));
  return {
    int,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new Error('nothing to choose from');
      return list[int(list.length - 1)] as T;
    },
    chance: (share) => next() < share,
    shuffled: <T>(list: readonly T[]) =>
      list
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
