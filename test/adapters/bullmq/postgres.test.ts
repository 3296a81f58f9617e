import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createPostgresCarrier } from '../../../src/adapters/bullmq/index.js';
import { startEmbeddedPostgres } from '../../../src/adapters/postgres/embedded.js';
import { prepareRecord } from '../../../src/supervisor.js';
import { carrierContract } from '../../contracts/carrier.contract.js';

carrierContract('BullMQ on PostgreSQL', async () => {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  const home = mkdtempSync('/tmp/fixpoint-tests/carrier-');
  chmodSync(home, 0o755);
  const postgres = await startEmbeddedPostgres({ home, log: () => undefined });
  const urls = await prepareRecord(home, postgres.adminUrl);
  return {
    newCarrier: async () => createPostgresCarrier({ url: urls.carrier, log: () => undefined }),
    tearDown: async () => {
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
});
