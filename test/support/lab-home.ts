import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** The laboratory's home of the tests; its templates are built once. */
const SHARED = process.env.FIXPOINT_TEST_HOME ?? join(INSTALL_ROOT, '.fixpoint', 'test');

/** A home of one test file's own, so that files may run at once, with the templates of all. */
export function labHomeOf(name: string): string {
  const home = `${SHARED}-${name}`;
  const templates = join(SHARED, 'lab', 'templates');
  mkdirSync(templates, { recursive: true });
  mkdirSync(join(home, 'lab'), { recursive: true });
  try {
    symlinkSync(templates, join(home, 'lab', 'templates'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return home;
}
