import { auditLog } from './audit-log.js';
import { certificate } from './certificate.js';
import { credentialVault, credentialVaultOverWinRm } from './credential-vault.js';
import { badRequests, directoryAttribute, stalePlan } from './directory-attribute.js';
import { keyFolder } from './key-folder.js';
import { sipAndSync } from './sip-and-sync.js';
import { openStage, type TourParts } from './stage.js';

const SCENES = [
  credentialVault,
  credentialVaultOverWinRm,
  certificate,
  keyFolder,
  sipAndSync,
  directoryAttribute,
  stalePlan,
  badRequests,
  auditLog,
];

/** What the tour ran on in place of a real estate. */
const RAN_ON = [
  'PC-1: the Windows build of the PowerShell engine under Wine, over real SSH. Wine is not Windows.',
  'PC-3: the same over WinRM. The WinRM service is simulated by us; Kerberos, the encryption and PowerShell are real.',
  'contoso: a Samba domain controller, over real LDAPS. Samba is not Windows Server.',
  'sync-1: a synchronization engine simulated by us, with real directory reads.',
  'PowerShell, SSH, PostgreSQL, the signatures and the audit log are real.',
];

/** Plays the runbooks through the public API as several people, with their refusals and rollbacks, and verifies the audit log. */
export async function playTour(parts: TourParts): Promise<void> {
  const started = Date.now();
  const stage = openStage(parts);
  for (const scene of SCENES) await scene(stage);
  parts.say(`\nVerified in ${Math.round((Date.now() - started) / 1000)} s:`);
  for (const what of stage.seen) parts.say(`  ✓ ${what}`);
  parts.say('\nIt ran on:');
  for (const what of RAN_ON) parts.say(`  ${what}`);
}
