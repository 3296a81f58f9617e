/**
 * The answer of `read`, asked at most once in `forMs` whoever asks: callers in between share it. A failure is kept as long: what failed
 * is not asked more often than what works.
 */
export function keptFor<T>(
  forMs: number,
  read: () => Promise<T>,
  clock: () => number = () => performance.now(),
): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || clock() - last.at >= forMs) last = { at: clock(), answer: read() };
    return last.answer;
  };
}
