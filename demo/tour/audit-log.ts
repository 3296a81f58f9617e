import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import type { Stage } from './stage.js';

/** The auditor exports the log and verifies it with the public key alone. */
export async function auditLog({ home, people, say, heading, expect }: Stage): Promise<void> {
  heading('The audit log');
  // Events are chained within a second.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const path = join(home, 'tour-audit.jsonl');
  writeFileSync(path, await people.auditor.text('application/jsonl', '/v1/audit/export'));
  const verdict = await verifyAudit({ file: path, keys: join(home, 'keys', 'grant-public.json') });
  for (const { seq, reason } of verdict.problems.slice(0, 5)) say(`  event ${seq} ${reason}`);
  expect(`the audit log verifies: ${verdict.events} events, every approval signed`, verdict.ok);
}
