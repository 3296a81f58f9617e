import { afterAll, beforeAll, expect } from '@jest/globals';
import { addLocalTarget, startTestProduct, type Answer, type TestProduct } from './product.js';
import { type Who } from './people.js';

/** The product of this test file, and the id of its one target. */
export let product: TestProduct;
export let target: string;

/** Gives a test file its product, with one local target. */
export function withProduct(): void {
  beforeAll(async () => {
    product = await startTestProduct({ env: { FIXPOINT_SUBMIT_PER_MINUTE: '1000000' } });
    target = await addLocalTarget(product);
  });
  afterAll(() => product?.stop());
}

export const request = (more: object = {}) => ({
  runbook: 'set-file-text',
  target: 'box',
  parameters: { directory: '/tmp', names: ['none'], text: 'x' },
  reason: 'test',
  ...more,
});
export const submit = (more: object = {}, who: Who = 'helpdesk', headers = {}) =>
  product.call(who, 'POST', '/v1/jobs', request(more), headers);
export const count = async () => (await product.call('admin', 'GET', '/v1/jobs?limit=200')).body.items.length as number;
export const isProblem = ({ headers, body }: Answer) => {
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toEqual(
    expect.objectContaining({
      code: expect.stringMatching(/^[a-z-]+$/),
      title: expect.any(String),
      status: expect.any(Number),
      detail: expect.any(String),
    }),
  );
  return body;
};
