/**
 * How many of something a test plays: few before a change lands, the whole number for a release (`npm test -- --release`). The verdict is
 * the same; a rare fault is found by the larger number alone.
 */
export const counted = (few: number, whole: number): number =>
  process.env.FIXPOINT_TEST_COUNTS === 'release' ? whole : few;
