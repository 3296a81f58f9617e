import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parameterRows } from '../../src/cli/print-runbook.js';
import type { JsonSchema } from '../../src/domain/manifest.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `The runbooks that Fixpoint brings, and what each was tested with. [Tested on](../tested-on.md) explains the columns. The summary comes from
the manifest of the runbook, the rest from the section "Tested on" of its README.`;

const PARAMETERS = `\`fixpoint job submit <runbook> <target> name=value … --reason <text>\` takes these parameters; \`fixpoint runbook show <runbook>\` prints
them. A name that is repeated adds to a list (values that end with \`...\`).`;

const COLUMNS = ['undo', 'real', 'third-party implementation', 'simulated by us', 'not tested yet'];

/** Every folder below `runbooks` with what it was tested with. */
export function runbooksPage(): string {
  const ids = readdirSync(join(INSTALL_ROOT, 'runbooks')).filter((name) => !name.startsWith('_'));
  const rows = ids
    .sort()
    .map((id) => [`[${code(id)}](../../runbooks/${id}/README.md)`, summaryOf(id), ...testedWith(id)]);
  const parameters = ids.map((id) =>
    [`## Parameters of ${code(id)}`, table(['parameter', 'values', 'required', 'meaning'], parametersOf(id))].join(
      '\n\n',
    ),
  );
  return [
    heading('Runbooks', INTRODUCTION),
    table(['runbook', 'what it does', ...COLUMNS], rows),
    PARAMETERS,
    ...parameters,
  ].join('\n\n');
}

interface Manifest {
  readonly summary: string;
  readonly parameters: JsonSchema;
}

const manifestOf = (id: string) => parse(read(id, 'runbook.yaml')) as Manifest;
const summaryOf = (id: string): string => manifestOf(id).summary;

function parametersOf(id: string): readonly (readonly string[])[] {
  return parameterRows(manifestOf(id).parameters).map(([name = '', ...cells]) => [code(name), ...cells]);
}

function testedWith(id: string): readonly string[] {
  const [, section = ''] = read(id, 'README.md').split('\n## Tested on\n');
  const [head = [], , cells = []] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  if (head.join() !== COLUMNS.join() || cells.length !== COLUMNS.length) {
    throw new Error(
      `runbooks/${id}/README.md needs a section "Tested on": a table with one row and the columns ${COLUMNS.join(', ')}`,
    );
  }
  return cells;
}

function read(id: string, name: string): string {
  return readFileSync(join(INSTALL_ROOT, 'runbooks', id, name), 'utf8');
}
