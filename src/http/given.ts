/** The members that were really sent: the rules of shape make an absent list an empty one, which nobody wrote. */
export function given<Body extends object>(body: Body, sent: unknown): Partial<Body> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => Object.hasOwn(sent ?? {}, name))) as Partial<Body>;
}
