import { visibleLines } from './print.js';

/** Lines on stdout, with nothing in them that a terminal obeys or hides. */
export const say = (text: string): void => void process.stdout.write(`${visibleLines(text)}\n`);

/** Lines on stderr, with nothing in them that a terminal obeys or hides. */
export const warn = (text: string): void => console.error(visibleLines(text));
