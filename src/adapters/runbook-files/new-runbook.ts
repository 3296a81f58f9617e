import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../domain/result.js';
import { INSTALL_ROOT } from '../../platform/install-root.js';
import { NAME } from './manifest-parts.js';

/** What a new runbook begins as: one that works, with every phase but the optional Verify. */
const MODEL = 'write-example-file';

export type NewRunbookFailure =
  | { readonly kind: 'not-a-name'; readonly name: string }
  | { readonly kind: 'exists' }
  | { readonly kind: 'name-taken' };

/**
 * Writes a complete runbook into a folder that is not there yet; its id is the folder's name.
 * @param taken ids that the installation has already
 */
export async function newRunbook(
  folder: string,
  taken: readonly string[],
): Promise<Result<{ readonly id: string }, NewRunbookFailure>> {
  const id = basename(folder);
  if (!new RegExp(NAME).test(id) || id.length > 64) return fail({ kind: 'not-a-name', name: id });
  if (taken.includes(id)) return fail({ kind: 'name-taken' });
  await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return fail({ kind: 'exists' });
    throw error;
  }
  await cp(join(INSTALL_ROOT, 'examples', 'runbooks', MODEL), folder, { recursive: true });
  const yaml = await readFile(join(folder, 'runbook.yaml'), 'utf8');
  await writeFile(join(folder, 'runbook.yaml'), manifestOf(yaml, id));
  await writeFile(join(folder, 'README.md'), readmeOf(id));
  return ok({ id });
}

/** The example's manifest with what each runbook has of its own. */
function manifestOf(yaml: string, id: string): string {
  return yaml
    .replace(/^id: .*$/m, `id: ${id}`)
    .replace(/^version: .*$/m, 'version: 0.1.0')
    .replace(/^title: .*$/m, `title: { en: ${titleOf(id)} }`)
    .replace(/^summary: .*$/m, 'summary: Makes small text files on a target hold a text. Say here what yours does.')
    .replace(/^owner: .*$/m, 'owner: Your team');
}

const titleOf = (id: string) => `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;

function readmeOf(id: string): string {
  return `# ${titleOf(id)}

Makes small text files on a target hold a text. Replace this page with what your runbook does.

**When**: say which symptom or request it is for.

**What the approver looks at**: the folder, and the text before and after.

**Undo**: the text that was there before, or no file if there was none. A file that somebody changed meanwhile is left alone (\`state-drift\`).

**Codes**: \`state-drift\`.

**Tested on**: the cases of \`tests/plan.json\` and \`tests/sandbox.json\`.
`;
}
