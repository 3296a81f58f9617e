import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';
import { decide, newFolder, planned, product, withProduct } from '../support/jobs.js';

/** Runbooks whose Detect says a word each time that it runs. */
function talking(): string {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  const folder = mkdtempSync('/tmp/fixpoint-tests/talking-');
  for (const id of ['set-file-text', 'fails-in-apply']) {
    cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks', id), join(folder, id), { recursive: true });
    const path = join(folder, id, 'Detect.ps1');
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n$PSCmdlet.WriteVerbose('Detect has looked')\n`);
  }
  return folder;
}

withProduct({ runbooks: [talking()] });

const watch = (id: string, ...options: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.admin }, ...options, 'job', 'watch', id);

it('shows the output of the last look before the state that follows from it, and nothing after the end', async () => {
  const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
  const [watched] = await Promise.all([watch(job.id), decide(job)]);
  expect(watched.code).toBe(0);
  const lines = watched.text.trim().split('\n');
  expect(lines.at(-1)).toBe('The job has ended: succeeded.');
  expect(lines.at(-2)).toMatch(/Z {2}succeeded job\.succeeded$/);
  expect(lines.at(-3)).toMatch(/verbose: Detect has looked$/);
  // Detect ran for the plan, before the changes and after them.
  expect(lines.filter((line) => line.endsWith('verbose: Detect has looked')).length).toBe(3);
});

it('ends with the code, what it means and what to do next, and with 1, where the job has not done what it was for', async () => {
  const job = await planned('fails-in-apply', { directory: newFolder(), names: ['bad'], text: 'x' });
  const [watched] = await Promise.all([watch(job.id), decide(job)]);
  expect(watched.code).toBe(1);
  const shown = (await product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body;
  const lines = watched.text.trim().split('\n');
  const end = lines.indexOf(`The job has ended: ${shown.state}.`);
  expect(lines[end + 1]).toBe(`  why        ${shown.code}: ${shown.meaning}`);
  const { code, text } = await watch(job.id, '--json');
  expect([code, JSON.parse(text.trim().split('\n').at(-1) ?? '')]).toEqual([1, { event: 'end', state: shown.state }]);
});
