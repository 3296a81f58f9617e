import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders } from '../../../src/adapters/runbook-files/index.js';
import { sha256 } from '../../../src/domain/digest.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import type { PowerShellHost } from '../../../src/ports/powershell-host.js';
import { aHost } from '../../support/hosts.js';
import { DECLARED, hostileScripts } from '../hostile-scripts.js';
import { tally, type Amount, type Figure } from './figure.js';

/** The folders of runbooks that come with the product. */
const SHIPPED = ['runbooks', 'examples/runbooks'];

/**
 * Every hostile script before the gate as each phase that reads, so many of them in the runspace of Plan without a gate, and every
 * shipped runbook: what passes, has an effect or is refused is wrong.
 */
export async function gate({ count }: Amount): Promise<Figure> {
  const told = tally('gate');
  const canary = join(mkdtempSync('/tmp/fxg-'), 'canary');
  const { host, close } = aHost();
  try {
    for (const role of ['detect', 'verify', 'plan'] as const) {
      const scripts = hostileScripts(role, canary);
      const files = scripts.map((text, i) => ({ file: String(i), text, role, functions: DECLARED, mayRunOn51: true }));
      for (const [i, { findings }] of (await host.checkScripts(files)).entries()) {
        const refused = findings.some(({ severity }) => severity === 'error');
        told.add(refused ? undefined : `passes the gate as ${role}: ${scripts[i]}`);
      }
    }
    const ran = hostileScripts('plan', canary).slice(0, count);
    for (const text of ran) {
      await runInPlan(host, text, canary);
      told.add(existsSync(canary) ? `had an effect in the runspace of Plan: ${text}` : undefined);
    }
    const directories = SHIPPED.map((folder) => join(INSTALL_ROOT, folder));
    const shipped = await createRunbookFolders({ directories, host }).load();
    for (const { id, bundle, problems } of shipped)
      told.add(bundle ? undefined : `the runbook ${id} is refused: ${JSON.stringify(problems.slice(0, 2))}`);
    return told.figure({ runInPlan: ran.length, shippedRunbooks: shipped.length });
  } finally {
    await close();
  }
}

async function runInPlan(host: PowerShellHost, text: string, canary: string): Promise<void> {
  const opened = await host.open({ kind: 'plan' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  try {
    await opened.value.runPhase({
      script: { name: 'Plan.ps1', text, sha256: sha256(text) },
      modules: [],
      parameters: { Parameters: { text: canary }, State: {} },
      timeoutMs: 60_000,
    });
  } finally {
    await opened.value.close();
  }
}
