/** The suites of `npm test` in their order: name, and which files belong to it. Every test file belongs to exactly one. */
export const SUITES = [
  ['unit', 'test/(domain|tools)/'],
  ['model', 'test/model/'],
  ['adapters and contracts', 'test/adapters/'],
  ['http', 'test/http/'],
  ['jobs', 'test/usecases/'],
  ['runbooks and laboratory', 'test/(runbooks|lab)/'],
  ['end to end', 'test/end-to-end/'],
  ['faults', 'test/faults/'],
];
