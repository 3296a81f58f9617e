import { describe, expect, it } from '@jest/globals';
import { adminKey, as, proofFor, refused, waiting, withKeys } from '../support/forged-decisions.js';
import { product } from '../support/jobs.js';
import { registeredKeyOf, requestOf } from '../support/keys.js';

/** A key that was revoked decides nothing, whoever writes rows (T8, T16). */

withKeys();

describe('a revoked key', () => {
  it('decides nothing, and no process takes the revocation back', async () => {
    const key = await registeredKeyOf(product, 'approver', adminKey);
    expect((await product.call('admin', 'POST', `/v1/keys/${key.id}/revoke`)).body.status).toBe('revoked');
    const at = await waiting();
    await refused(at, 'key-revoked', { proof: await proofFor(at.job, key) });
    for (const role of ['api', 'authority', 'worker'] as const)
      await expect(
        as(role).query('UPDATE person_keys SET revoked_at = NULL, revoked_by = NULL WHERE id = $1', [key.id]),
      ).rejects.toThrow(/only a revocation may be set|permission denied/);
    // Nor is it registered again.
    expect((await requestOf(product, key)).body.code).toBe('key-taken');
  });

  it('is revoked by its owner and by administrators alone', async () => {
    const key = await registeredKeyOf(product, 'approver', adminKey);
    for (const who of ['approver2', 'operator', 'helpdesk'] as const)
      expect((await product.call(who, 'POST', `/v1/keys/${key.id}/revoke`)).body.code).toBe('key-not-found');
    expect((await product.call('approver', 'POST', `/v1/keys/${key.id}/revoke`)).body.status).toBe('revoked');
  });
});
