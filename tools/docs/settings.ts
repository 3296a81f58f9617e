import { VARIABLES } from '../../src/processes/config.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `Fixpoint is set up by environment variables. Each process reads them once, at its start. A value that cannot be used, or a misspelt name
that begins with \`FIXPOINT_\`, stops the start; all problems are listed together.

The command line also reads \`FIXPOINT_URL\` (where the API is) and \`FIXPOINT_TOKEN\` (your token). Paths may begin with \`~/\`; other relative
paths are relative to the folder of the program.`;

/** Every environment variable of the product, with its meaning and default. */
export function settingsPage(): string {
  const rows = Object.entries(VARIABLES).map(([name, meaning]) => [code(name), meaning]);
  return [heading('Settings', INTRODUCTION), table(['variable', 'meaning'], rows)].join('\n\n');
}
