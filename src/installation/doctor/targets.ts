import { createStore } from '../../adapters/postgres/index.js';
import { VARIABLE_NOT_SET, type FileCredentials } from '../../adapters/secrets/index.js';
import type { Target } from '../../domain/target.js';
import { composeCredentials, type Settings } from '../../processes/compose.js';
import { finding, type Finding } from './finding.js';

const A_PAGE = 200;
/** More than a person reads; the rest is counted. */
const MOST = 20;

/** Whether the next job on each target would find its credentials: they are known, may be used there, and their files can be read. */
export async function lookAtTargets(url: string, { config }: Settings): Promise<readonly Finding[]> {
  const credentials = composeCredentials(config);
  const record = createStore(url, { max: 1 });
  const problems: string[] = [];
  try {
    for (let after: string | undefined; ;) {
      const page = await record.inventory.list({ limit: A_PAGE, ...(after === undefined ? {} : { after }) });
      for (const { target } of page) problems.push(...(await problemsOf(credentials, target)));
      after = page.at(-1)?.target.name;
      if (page.length < A_PAGE) break;
    }
  } catch {
    // A database that does not answer is another finding.
    return [];
  } finally {
    await record.close();
  }
  const more = problems.length - MOST;
  return [...problems.slice(0, MOST), ...(more > 0 ? [`and ${more} more`] : [])].map((detail) =>
    finding('target-credential-unusable', detail),
  );
}

async function problemsOf(credentials: Pick<FileCredentials, 'inspect'>, target: Target): Promise<readonly string[]> {
  const problems: string[] = [];
  // The worker itself needs no credential.
  if (target.transport.type === 'local') return problems;
  for (const use of ['detect', 'apply'] as const) {
    const access = await credentials.inspect(target, use);
    // A variable is set for the worker, not for this command.
    if (access.ok || access.error.why === VARIABLE_NOT_SET) continue;
    problems.push(`target ${target.name} (${use}): ${access.error.name}: ${access.error.why}`);
  }
  return problems;
}
