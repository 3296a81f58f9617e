/** Import directions: see docs/architecture.md. */
const only = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { pathNot: to } });
const outside = 'node_modules|^node:';
module.exports = {
  forbidden: [
    only('domain-is-pure', '^src/domain/', '^(src/domain/|node:crypto$|crypto$)'),
    only('ports-know-domain', '^src/ports/', '^(src/(ports|domain)/|node:|crypto$)'),
    only('usecases-know-ports', '^src/usecases/', `^src/(usecases|ports|domain)/|${outside}`),
    {
      name: 'http-uses-usecases',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^(src/(adapters|compose|server|authority|cli)|workers)' },
    },
    {
      name: 'adapters-do-not-meet',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/(adapters|usecases|http)/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'product-knows-no-lab',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/cli' },
      to: { path: '^(lab|bench|test|tools)/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
