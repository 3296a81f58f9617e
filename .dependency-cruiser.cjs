/** Import directions: see docs/architecture.md. Each rule names a folder and the only folders that it may import. */
const only = (folder, allowed, outside = '.') => ({
  name: `${folder.replaceAll('/', '-')}-imports`,
  severity: 'error',
  from: { path: `^${folder}/` },
  // Only the project's own folders and, where `outside` says so, Node's modules and packages.
  to: {
    pathNot: [`^(${[folder, ...allowed].join('|')})(/|$)`, `^(?!(src|workers|demo|lab|bench|test|tools)/)${outside}`],
  },
});

module.exports = {
  forbidden: [
    only('src/platform', []),
    // croner is a function of an expression, a zone and an instant; it reads no clock of its own here.
    only('src/domain', [], '((node:)?crypto$|node_modules/croner/)'),
    only('src/ports', ['src/domain'], '(node:.*|crypto)$'),
    only('src/usecases', ['src/ports', 'src/domain', 'src/platform']),
    only('src/adapters', ['src/ports', 'src/domain', 'src/platform']),
    only('src/http', ['src/usecases', 'src/ports', 'src/domain', 'src/platform']),
    only('src/installation', ['src/adapters', 'src/ports', 'src/domain', 'src/platform', 'src/processes']),
    only('src/processes', ['src/http', 'src/adapters', 'src/usecases', 'src/ports', 'src/domain', 'src/platform']),
    only('src/cli', ['src/installation', 'src/processes', 'src/ports', 'src/domain', 'src/platform']),
    only('workers', ['src/processes', 'src/usecases', 'src/ports', 'src/domain', 'src/platform']),
    only('demo', ['src', 'lab']),
    {
      name: 'adapters-do-not-meet',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-circular-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(src|workers)' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
