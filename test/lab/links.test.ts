import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { sha256 } from '../../src/domain/digest.js';
import type { Session } from '../../src/ports/powershell-host.js';
import { aHost, anEndpoint, type Endpoint } from '../support/hosts.js';
import { HANGS_MS } from '../support/patience.js';

// Wine shows links to folders only; links to files, links to nothing and everything else that a path can hide are seen on a real Linux
// endpoint: the module's own text over SSH.
const MODULE = readFileSync(join(INSTALL_ROOT, 'runbooks/_modules/quarantine/quarantine.ps1'), 'utf8');
const { host, close } = aHost();
let endpoint: Endpoint;
let session: Session;
beforeAll(async () => {
  endpoint = await anEndpoint();
  const opened = await host.open(endpoint.place());
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  session = opened.value;
});
afterAll(async () => {
  await session?.close();
  await close();
  await endpoint?.stop();
});

/** Calls one function of the module; its value, or the code that it threw. */
async function call(line: string, ...paths: readonly string[]): Promise<unknown> {
  const text = `[CmdletBinding()]\nparam([object]$Parameters)\n$a, $b, $c = $Parameters.paths\n${line}\n`;
  const ran = await session.runPhase({
    script: { name: 'links', text, sha256: sha256(text) },
    modules: [{ name: 'quarantine', text: MODULE, sha256: sha256(MODULE) }],
    parameters: { Parameters: { paths: [...paths] } },
    timeoutMs: HANGS_MS,
  });
  if (ran.ok) return ran.output.length === 1 ? ran.output[0] : ran.output;
  return ran.failure.kind === 'reported' ? ran.failure.code : ran.failure;
}
const move = (from: string, to: string) => call('Move-Leaf -From $a -To $b', from, to);
const remove = (path: string) => call('Remove-Tree -LiteralPath $a', path);

function aTree() {
  const root = mkdtempSync('/tmp/fxq-');
  const path = (...parts: readonly string[]) => join(root, ...parts);
  mkdirSync(path('elsewhere'));
  writeFileSync(path('elsewhere', 'precious'), 'x');
  mkdirSync(path('folder'));
  writeFileSync(path('folder', 'file'), 'x');
  return path;
}

it('renames a plain file or folder once, and brings it back', async () => {
  const path = aTree();
  for (const [from, to] of [
    [path('folder', 'file'), path('folder', 'file.rbk')],
    [path('folder'), path('folder.rbk')],
  ] as const) {
    expect(await move(from, to)).toBe(true);
    expect(await move(from, to)).toBe(false);
    expect([existsSync(from), existsSync(to)]).toEqual([false, true]);
    const back = 'Restore-Leaf -LiteralPath $a -Aside $b -Beside $c';
    expect(await call(`(${back}).restored`, from, to, `${from}.new`)).toBe(true);
    expect(await call(`(${back}).restored`, from, to, `${from}.new`)).toBe(false);
  }
  expect(await move(path('nothing'), path('nothing.rbk'))).toBe('state-drift');
  writeFileSync(path('folder', 'taken'), 'x');
  expect(await move(path('folder', 'file'), path('folder', 'taken'))).toBe('state-drift');
  expect(await move(path('folder', 'file'), path('file'))).toBe('path-outside-root');
});

it.each([
  ['a link to a file', 'elsewhere/precious'],
  ['a link to a folder', 'elsewhere'],
  ['a link to nothing', 'nowhere'],
  ['a link to itself', 'folder/link'],
])('neither renames nor removes %s, nor anything that holds one', async (_, to) => {
  const path = aTree();
  symlinkSync(path(to), path('folder', 'link'));
  expect(await move(path('folder', 'link'), path('folder', 'link.rbk'))).toBe('reparse-point');
  expect(await remove(path('folder', 'link'))).toBe('reparse-point');
  expect(await remove(path('folder'))).toBe('reparse-point');
  expect(lstatSync(path('folder', 'link')).isSymbolicLink()).toBe(true);
  expect(readdirSync(path('folder'))).toEqual(['file', 'link']);
  expect(readdirSync(path('elsewhere'))).toEqual(['precious']);
});

it('follows no linked parent and accepts no abbreviated path', async () => {
  const path = aTree();
  symlinkSync(path('elsewhere'), path('way'));
  expect(await remove(path('way', 'precious'))).toBe('reparse-point');
  expect(await move(path('way', 'precious'), path('way', 'precious.rbk'))).toBe('reparse-point');
  for (const written of [`${path('folder')}/../elsewhere`, `${path('elsewhere')}/`, 'elsewhere'])
    expect(await call('Assert-PlainPath -LiteralPath $a', written)).toBe('path-outside-root');
  expect(readdirSync(path('elsewhere'))).toEqual(['precious']);
});

it('removes a plain tree whole, hidden, read-only and oddly named files too', async () => {
  const path = aTree();
  mkdirSync(path('folder', 'deep', 'deeper'), { recursive: true });
  for (const name of ['.hidden', '[a]*?', '-Force', "quote'", 'caf\u00e9'])
    writeFileSync(path('folder', 'deep', 'deeper', name), 'x', { mode: 0o400 });
  expect(await remove(path('folder'))).toBe(true);
  expect(await remove(path('folder'))).toBe(false);
  expect(readdirSync(path())).toEqual(['elsewhere']);
});

it('knows an item of a quarantine by its name and place', async () => {
  const path = aTree();
  const job = '0123456789abcdef0123456789abcdef';
  const resolve = (item: string, ofJob = job) =>
    call('Resolve-QuarantineItem -LiteralPath $a -OfJob $b -Root $c', item, ofJob, path('folder'));
  const item = path('folder', `x.rbk-${job}`);
  expect(await resolve(item)).toBe(item);
  expect(await resolve(item, '*')).toBe('invalid-value');
  expect(await resolve(path('folder', `x.rbk-${job}.txt`))).toBe('path-outside-root');
  expect(await resolve(path('folder', `.rbk-${job}`))).toBe('path-outside-root');
  expect(await resolve(path('elsewhere', `x.rbk-${job}`))).toBe('path-outside-root');
  expect(await resolve(`${path('folder')}2/x.rbk-${job}`)).toBe('path-outside-root');
});
