import { createTwoFilesPatch } from 'diff';
import { visible } from '../print.js';

/** What people compare: files of a runbook, or targets and a policy as text. */
export type Files = readonly { readonly path: string; readonly text: string }[];

/** A terminal breaks a long line, and what stands after many blanks looks like a line of its own. */
const withoutGaps = (line: string): string =>
  line.replaceAll(/(?<=\S) {9,}(?=\S)/g, (blanks) => ` [${blanks.length} blanks] `);

/** A unified diff, file by file. */
export function difference(before: Files, after: Files): readonly string[] {
  const paths = [...new Set([...before, ...after].map(({ path }) => path))].sort();
  const textOf = (files: Files, path: string) => files.find((file) => file.path === path)?.text;
  const patches = paths.flatMap((path) => {
    const [old, now] = [textOf(before, path), textOf(after, path)];
    if (old === now) return [];
    const patch = createTwoFilesPatch(
      path,
      path,
      old ?? '',
      now ?? '',
      old === undefined ? 'new' : '',
      now === undefined ? 'removed' : '',
    );
    return patch
      .split('\n')
      .slice(1)
      .map((line) => withoutGaps(visible(line)));
  });
  return patches.length > 0 ? patches : ['Nothing differs from what counts now.'];
}
