/** Which scenes of the tour each page of the picture shows, by words of their headings. */
const SHOWN = [['stored credentials'], ['wrong value', 'after the approval'], ['audit log']] as const;
/** Most checks of the last page: the tour has more of them than a screen has lines. */
const MOST_CHECKS = 14;

/**
 * Cuts the scenes for the picture out of what the tour printed.
 * @returns pages of lines, the first one beginning with the command
 * @throws Error when the tour has no such scene
 */
export function cutScenes(printed: string): readonly (readonly string[])[] {
  const scenes = printed.split(/\n(?===)/).map((scene) => scene.trimEnd().split('\n'));
  const find = (words: string) => {
    const scene = scenes.find(([heading]) => heading?.startsWith('==') === true && heading.includes(words));
    if (scene) return scene;
    throw new Error(`the tour has no scene with "${words}" in its heading: change SHOWN`);
  };
  const pages = SHOWN.map((page) => page.flatMap((words, index) => [...(index === 0 ? [] : ['']), ...find(words)]));
  return pages.map((page, index) => (index === 0 ? ['$ npm run demo', '', ...page] : shorten(page)));
}

/** The last page: the end of the list of checks, without what was simulated (docs/tested-on.md says that). */
function shorten(page: readonly string[]): readonly string[] {
  const first = page.findIndex(isCheck);
  if (first < 0) return page;
  const checks = page.filter(isCheck);
  const cut = checks.length > MOST_CHECKS ? ['  …'] : [];
  // How long it took says something of the machine that recorded it, not of the product.
  const before = page.slice(0, first).map((line) => line.replace(/^Verified in \d+ s:$/, 'Verified:'));
  return [...before, ...cut, ...checks.slice(-MOST_CHECKS)];
}

function isCheck(line: string): boolean {
  return line.startsWith('  ✓');
}

/** Pages as a text file, and back. */
export const PAGE_BREAK = '\f';
