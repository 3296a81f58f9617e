import type { People } from '../domain/people.js';

/** The people file as it is now. */
export interface PeopleSource {
  read(): Promise<People>;
}
