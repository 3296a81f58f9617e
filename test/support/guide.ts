import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** The commands of a section of a guide: its blocks of shell, in their order. */
export function commandsOf(page: string, section: string): readonly string[] {
  const text = readFileSync(join(INSTALL_ROOT, page), 'utf8');
  const at = text.indexOf(`\n## ${section}\n`);
  if (at === -1) throw new Error(`${page} has no section ${section}`);
  const end = text.indexOf('\n## ', at + 1);
  const blocks = [...text.slice(at, end === -1 ? undefined : end).matchAll(/```sh\n([\s\S]*?)```/g)];
  if (blocks.length === 0) throw new Error(`the section ${section} of ${page} has no commands`);
  return blocks.map(([, block = '']) => block);
}

/** Runs commands as a person types them: each must succeed. @returns what they printed */
export function runCommands(
  commands: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', commands], {
    ...options,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
