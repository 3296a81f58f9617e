import { DOCTOR } from '../../src/domain/codes/doctor.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `What \`fixpoint doctor\` can find, and what to do about it. A _note_ is worth knowing and does not count as wrong.`;

/** Every finding of the doctor, in the order in which it examines things. */
export function doctorPage(): string {
  const rows = Object.entries(DOCTOR).map(([id, { class: of, en, next }]) => [
    code(id),
    of === 'note' ? `${en} _(note)_` : en,
    next.en,
  ]);
  return [heading('Doctor', INTRODUCTION), table(['finding', 'meaning', 'what to do'], rows)].join('\n\n');
}
