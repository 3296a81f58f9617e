import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { bundleDigest } from '../../domain/bundle.js';
import type { Manifest, RunbookBundle } from '../../domain/manifest.js';
import type { PowerShellHost } from '../../ports/powershell-host.js';
import type { LoadedFolder, LoadProblem, RunbookFolders } from '../../ports/runbook-catalogue.js';
import { compileSchema } from './compile-schema.js';
import { conventionProblems } from './conventions.js';
import { folderSignature } from './folder-signature.js';
import { gateProblems } from './gate.js';
import { ManifestSchema } from './manifest-schema.js';
import { readFolder } from './read-folder.js';

export interface RunbookFoldersOptions {
  /** Each holds `<id>/` folders and may hold `_modules/`. */
  readonly directories: readonly string[];
  readonly host: Pick<PowerShellHost, 'checkScripts'>;
}

const validateManifest = compileSchema<Manifest>(ManifestSchema);

export function createRunbookFolders({ directories, host }: RunbookFoldersOptions): RunbookFolders {
  return {
    async load() {
      const folders: LoadedFolder[] = [];
      for (const directory of directories) {
        if (!existsSync(directory)) continue;
        for (const entry of await readdir(directory, { withFileTypes: true })) {
          if (!entry.isDirectory() || entry.name.startsWith('_') || entry.name.startsWith('.')) continue;
          const folder = await loadFolder(directory, entry.name, directories, host);
          // One that was taken away meanwhile is not there, rather than broken.
          if (existsSync(join(directory, entry.name))) folders.push(folder);
        }
      }
      return folders.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    signature: () => folderSignature(directories),
  };
}

async function loadFolder(
  directory: string,
  id: string,
  directories: readonly string[],
  host: Pick<PowerShellHost, 'checkScripts'>,
): Promise<LoadedFolder> {
  const { files, problems } = await readFolder(join(directory, id), id);
  const yaml = files.find(({ path }) => path === `${id}/runbook.yaml`);
  if (!yaml) return { id, problems: [...problems, problem(`${id}/runbook.yaml`, 1, 'manifest', 'is missing')] };
  const { manifest, found } = readManifest(yaml.path, yaml.text);
  problems.push(...found);
  if (!manifest || problems.length > 0) return { id, problems };
  for (const module of manifest.modules) {
    const home = directories.find((folder) => existsSync(join(folder, '_modules', module)));
    if (!home) {
      problems.push(problem(yaml.path, 1, 'modules', `names the module ${module}, which is in no _modules folder`));
      continue;
    }
    const shared = await readFolder(join(home, '_modules', module), `_modules/${module}`);
    files.push(...shared.files);
    problems.push(...shared.problems);
  }
  const draft = { manifest, files };
  const bundle: RunbookBundle = { ...draft, contentDigest: bundleDigest(draft) };
  problems.push(...conventionProblems(id, bundle));
  problems.push(...(await gateProblems(bundle, host)));
  return problems.some(({ severity }) => severity === 'error') ? { id, problems } : { id, bundle, problems };
}

function readManifest(file: string, text: string): { manifest?: Manifest; found: LoadProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const found = document.errors
    .concat(document.warnings)
    .map((error) => problem(file, lines.linePos(error.pos[0]).line, 'yaml', error.message));
  visit(document, {
    Node(_, node) {
      const line = node.range ? lines.linePos(node.range[0]).line : 1;
      if (isAlias(node)) found.push(problem(file, line, 'yaml', 'uses an alias: write the value out'));
      else if (node.tag?.startsWith('!') === true) found.push(problem(file, line, 'yaml', `uses the tag ${node.tag}`));
    },
  });
  if (found.length > 0) return { found };
  const manifest: unknown = document.toJS();
  if (validateManifest(manifest)) return { manifest: manifest, found };
  for (const error of validateManifest.errors ?? []) {
    const steps = error.instancePath.split('/').slice(1);
    const node = document.getIn(steps, true) as { range?: [number, number, number] } | undefined;
    const line = node?.range ? lines.linePos(node.range[0]).line : 1;
    const extra = error.params as { additionalProperty?: string; missingProperty?: string };
    const member = extra.additionalProperty ?? extra.missingProperty;
    const where = error.instancePath === '' ? 'the manifest' : error.instancePath;
    found.push(
      problem(file, line, 'manifest', `${where} ${error.message ?? 'is not allowed'}${member ? ` (${member})` : ''}`),
    );
  }
  return { found };
}

export function problem(file: string, line: number, rule: string, message: string): LoadProblem {
  return { file, line, rule, severity: 'error', message };
}
