/** What `POST /v1/targets` takes for a target on the worker's own machine; allowed by FIXPOINT_ALLOW_LOCAL. */
export const localTarget = (name: string) => ({
  name,
  kind: 'server',
  transport: { type: 'local' },
  credentials: { detect: 'none', apply: 'none' },
  tier: 2,
  site: 'test',
  tags: [],
});
