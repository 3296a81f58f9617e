import type { People, PersonRef } from '../domain/people.js';

/** A row with name and roles of its person as the people file has them: those of a row are what its writer says, and what is signed holds them. */
export function asKnown<Row extends { readonly person: PersonRef }>(row: Row, people: People): Row {
  const known = people.find(row.person.id);
  return known ? { ...row, person: { id: known.id, name: known.name, roles: known.roles } } : row;
}
