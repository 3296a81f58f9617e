import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readFolder } from '../../src/adapters/runbook-files/read-folder.js';
import { bundleDigest } from '../../src/domain/bundle.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { sha256 } from '../../src/domain/digest.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import { admitStored } from '../support/admitted.js';
import { aHost } from '../support/hosts.js';
import {
  actions,
  admin,
  decide,
  effects,
  ENDS,
  newFolder,
  planned,
  product,
  text,
  withProduct,
} from '../support/jobs.js';

/** The worker's own gate reads what is stored: an admission by authority's key does not stand for it. */

const engine = aHost();
/** What the engine of this worker is told to refuse from now on, as that of a later version may. */
const stricter = { refuses: false };
const asked = { times: 0 };
const host: PowerShellHost = {
  ...engine.host,
  get pid() {
    return engine.host.pid;
  },
  engineDigest: async () => (stricter.refuses ? 'f'.repeat(64) : await engine.host.engineDigest()),
  async checkScripts(scripts) {
    asked.times += 1;
    const checked = await engine.host.checkScripts(scripts);
    if (!stricter.refuses) return checked;
    const finding = { line: 1, column: 1, rule: 'command', severity: 'error', message: 'is not allowed' } as const;
    return checked.map((each) => ({ ...each, findings: [{ ...finding, file: each.file }] }));
  },
};
withProduct({ host });
afterAll(() => engine.close());

const wish = (directory: string) => ({ directory, names: ['a'], text: 'x' });

/** Stores the fixture with other texts in its files and has it admitted by the key of this home. */
async function admitted(change: (path: string, text: string) => string): Promise<void> {
  const id = 'set-file-text';
  const { files: own } = await readFolder(join(INSTALL_ROOT, 'test/fixtures/runbooks', id), id);
  const files = own.map(({ path, text: was }) => {
    const now = change(path, was);
    return { path, text: now, sha256: sha256(now) };
  });
  const contentDigest = bundleDigest({ files });
  await admin.query(
    'INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES ($1, $2, $3, $4)',
    [...[contentDigest, id, '1.0.0', canonicalJson({ contentDigest, files })]],
  );
  await admitStored(admin, product.home, { id, version: '1.0.0', contentSha256: contentDigest });
  await admin.query('UPDATE runbooks SET content_digest = $2 WHERE id = $1', [id, contentDigest]);
}

it('reads a version once, and none of it for a further job', async () => {
  // The folders were read when the product started.
  asked.times = 0;
  const first = await planned('set-file-text', wish(newFolder()));
  expect(first.state).toBe('awaiting-approval');
  const once = asked.times;
  expect(once).toBeGreaterThan(0);
  const second = await planned('set-file-text', wish(newFolder()));
  await decide(second);
  expect((await product.until(second.id, ENDS)).state).toBe('succeeded');
  expect(asked.times).toBe(once);
});

describe('a version that authority admitted and the gate refuses', () => {
  it('does not reach its target, and the job and the log say why', async () => {
    const current = (await product.call('admin', 'GET', '/v1/runbooks/set-file-text')).body.contentDigest;
    const directory = newFolder();
    await admitted((path, was) =>
      path.endsWith('/Detect.ps1')
        ? was.replace('$fault = $false', `Set-Content -LiteralPath '${directory}/hostile' -Value 'x'\n$fault = $false`)
        : was,
    );
    const job = await planned('set-file-text', wish(directory));
    expect(job).toMatchObject({ state: 'blocked', code: 'gate-refused' });
    expect(job.detail).toMatch(/^set-file-text\/Detect\.ps1:\d+: .*Set-Content/);
    expect([existsSync(join(directory, 'hostile')), effects(directory)]).toEqual([false, 0]);
    expect(await actions(job.id)).toContain('job.blocked');
    expect(await actions(job.id)).not.toContain('job.planned');
    await admin.query(`UPDATE runbooks SET content_digest = $1 WHERE id = 'set-file-text'`, [current]);
  });

  it('changes nothing under an approval that was given before', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', wish(directory));
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(job);
    stricter.refuses = true;
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'gate-refused' });
    expect([text(directory, 'a'), effects(directory)]).toEqual([undefined, 0]);
    const written = await actions(job.id);
    expect(written.slice(-2).sort()).toEqual(['grant.revoked', 'job.blocked']);
    expect(written).not.toContain('grant.used');
    stricter.refuses = false;
  });
});
