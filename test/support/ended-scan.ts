import { endScans } from '../../src/usecases/scans/end-scans.js';
import { product } from './jobs.js';
import { createPatience } from './patience.js';

/** A scan once each of its items has ended, or as it is when there was no news of it for too long. */
export async function endedScan(id: string): Promise<any> {
  const patience = createPatience(`scan ${id}`);
  for (;;) {
    await endScans(product.api.context);
    const { body } = await product.call('admin', 'GET', `/v1/scans/${id}`);
    if (body.endedAt !== null || patience.isOver(JSON.stringify(body.counts))) return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
