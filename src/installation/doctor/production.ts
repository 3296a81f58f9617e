import { reachableDatabases, roleName, type LoginRole } from '../../adapters/postgres/index.js';
import type { Settings } from '../../processes/compose.js';
import { problemsOfProduction } from '../../processes/production.js';
import { finding, type Finding } from './finding.js';

/** What a production start refuses, as it can be seen from here, and databases that roles can reach beside their own. */
export async function lookAtProduction(settings: Settings): Promise<readonly Finding[]> {
  if (settings.config.mode !== 'production') return [];
  const problems = problemsOfProduction('administrator', settings);
  return [...problems.map(({ code, detail }) => finding(code, detail)), ...(await lookAtDatabases(settings))];
}

async function lookAtDatabases({ secrets }: Settings): Promise<readonly Finding[]> {
  const urls: Readonly<Record<LoginRole, string | undefined>> = {
    api: secrets.apiUrl,
    authority: secrets.authorityUrl,
    relay: secrets.relayUrl,
    worker: secrets.workerUrl,
    queue: secrets.queueUrl,
  };
  const found: Finding[] = [];
  for (const [role, url] of Object.entries(urls) as [LoginRole, string | undefined][]) {
    if (url === undefined) continue;
    // A database that does not answer is another finding.
    const others = await reachableDatabases(url).catch(() => []);
    found.push(...others.map((name) => finding('database-reachable', `${roleName(role)}: ${name}`)));
  }
  return found;
}
