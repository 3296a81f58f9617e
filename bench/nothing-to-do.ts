import type { TestProduct } from '../test/support/product.js';

/** A job that finds nothing to do, submitted; its id. */
export async function submitNothingToDo(product: TestProduct): Promise<string> {
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'set-file-text',
    target: 'box',
    parameters: { directory: '/tmp', names: ['none'], text: 'x' },
    reason: 'bench',
  });
  return body.id as string;
}
