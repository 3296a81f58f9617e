import { FINDINGS } from '../../src/installation/doctor/finding.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `What \`fixpoint doctor\` can find, and what to do about it. A _note_ is worth knowing and does not count as wrong.`;

/** Every finding of the doctor, in the order in which it examines things. */
export function doctorPage(): string {
  const rows = Object.entries(FINDINGS).map(([id, [severity, what, toDo]]) => [
    code(id),
    severity === 'note' ? `${what} _(note)_` : what,
    toDo,
  ]);
  return [heading('Doctor', INTRODUCTION), table(['finding', 'meaning', 'what to do'], rows)].join('\n\n');
}
