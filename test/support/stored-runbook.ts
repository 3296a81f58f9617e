import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { parse, stringify } from 'yaml';
import { bundleDigest } from '../../src/domain/bundle.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { sha256 } from '../../src/domain/digest.js';
import { admitStored } from './admitted.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

const FIXTURE = join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text/runbook.yaml');

/** A bundle that holds a manifest alone, as it is stored: the fixture's with these members instead. For tests in which nothing runs. */
export function manifestOnly(id: string, members: object) {
  const text = stringify({ ...(parse(readFileSync(FIXTURE, 'utf8')) as object), id, ...members });
  const files = [{ path: `${id}/runbook.yaml`, sha256: sha256(text), text }];
  const contentDigest = bundleDigest({ files });
  return { contentDigest, text: canonicalJson({ contentDigest, files }) };
}

/**
 * Makes it the current runbook `nothing`, without parameters unless others are given.
 * @param home of the product that admits it; nobody does without
 * @returns its content digest
 */
export async function storeNothing(
  database: Pick<pg.Client, 'query'>,
  home?: string,
  parameters: object = { type: 'object', additionalProperties: false },
): Promise<string> {
  const { contentDigest, text } = manifestOnly('nothing', { parameters });
  await database.query(
    `INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES ($1, 'nothing', '1.0.0', $2)`,
    [contentDigest, text],
  );
  await database.query(`INSERT INTO runbooks VALUES ('nothing', $1)`, [contentDigest]);
  const version = { id: 'nothing', version: '1.0.0', contentSha256: contentDigest };
  if (home !== undefined) await admitStored(database, home, version);
  return contentDigest;
}
