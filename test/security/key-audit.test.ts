import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../src/domain/canonical.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';
import { approverKey, forge, proofFor, waiting, withKeys } from '../support/forged-decisions.js';
import { admin, ENDS, product } from '../support/jobs.js';
import { until } from '../support/patience.js';
import { PYTHON } from '../support/second-verifier.js';

/** Signed decisions and registrations in an exported log, in the eyes of both verifiers. */

withKeys();

describe('the audit log', () => {
  it('verifies each signature from an export and the public grant key alone, in both verifiers', async () => {
    const { job } = await waiting();
    expect(await forge(job, { proof: await proofFor(job) })).toEqual({ status: 'accepted', code: null });
    await product.until(job.id, ENDS);
    const folder = mkdtempSync('/tmp/fxv-');
    const file = join(folder, 'log.jsonl');
    const env = {
      ...{ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor, FIXPOINT_HOME: product.home },
      FIXPOINT_API_DATABASE_URL: product.urls.api,
    };
    await until('everything is chained', async () => {
      const { rows } = await admin.query('SELECT 1 FROM audit_unchained LIMIT 1');
      return rows.length === 0;
    });
    const exported = await command(env, 'audit', 'export', file);
    expect([exported.code, exported.text]).toEqual([0, expect.anything()]);
    const keys = join(product.home, 'keys', 'grant-public.json');
    const verified = await command(env, 'audit', 'verify', file, '--keys', keys);
    expect([verified.code, verified.text]).toEqual([0, expect.anything()]);
    const python = (of: string) => {
      try {
        return execFileSync(PYTHON, [join(INSTALL_ROOT, 'tools/verify_audit.py'), of, keys], { encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    expect(JSON.parse(python(file))).toMatchObject({ ok: true });

    // A registration that is not signed makes every decision of its key one that nobody signed.
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('key.registered') && line.includes(approverKey.kid));
    const link = JSON.parse(lines[at] as string) as { event: string };
    const event = JSON.parse(link.event) as { data: { registration: string } };
    event.data.registration = event.data.registration.replace('"person":"approver"', '"person":"approver2"');
    lines[at] = JSON.stringify({ ...link, event: canonicalJson(event) });
    const changed = join(folder, 'changed.jsonl');
    writeFileSync(changed, lines.join('\n'));
    const told = await command(env, 'audit', 'verify', changed, '--keys', keys);
    expect([told.code, told.text]).toEqual([1, expect.stringContaining('no valid registration')]);
    expect(told.text).toContain('is not what they signed: key-unknown');
    expect(python(changed)).toContain('the decision is not what its person signed');
  });
});
