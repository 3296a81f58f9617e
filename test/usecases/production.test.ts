import { expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';
import { actions, decide, effects, ENDS, newFolder, planned, product, withProduct } from '../support/jobs.js';
import { firstKey, registeredKeyOf, signedDecision } from '../support/keys.js';

withProduct({ env: { FIXPOINT_MODE: 'production' } });

it('in production a token decides nothing, and the command line says what does', async () => {
  const directory = newFolder();
  const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
  for (const decision of ['approve', 'reject'])
    expect((await decide(job, 'approver', { decision })).body).toMatchObject({ status: 403, code: 'key-required' });
  const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.approver, XDG_CONFIG_HOME: directory };
  const told = await command(env, 'job', 'approve', job.id, '--reason', 'seen', '--plan', job.plan.digest);
  expect(told.code).toBe(1);
  expect(told.text).toContain('[key-required]');
  expect(told.text).toContain('Make a key with `fixpoint key new`, register it with `fixpoint key add`');
  expect((await product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body.state).toBe('awaiting-approval');
  expect((await actions(job.id)).filter((action) => action === 'job.decision-refused')).toHaveLength(3);
  expect(effects(directory)).toBe(0);

  const key = await registeredKeyOf(product, 'approver', await firstKey(product));
  const signed = await signedDecision(product, job, key);
  expect((await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, signed)).status).toBe(200);
  expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
  expect(effects(directory)).toBe(1);
});
