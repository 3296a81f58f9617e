import { auditLog } from './audit-log.js';
import { certificate } from './certificate.js';
import { credentialVault } from './credential-vault.js';
import { badRequests, directoryAttribute, stalePlan } from './directory-attribute.js';
import { keyFolder } from './key-folder.js';
import { sipAndSync } from './sip-and-sync.js';
import { openStage, type TourParts } from './stage.js';

const SCENES = [
  credentialVault,
  certificate,
  keyFolder,
  sipAndSync,
  directoryAttribute,
  stalePlan,
  badRequests,
  auditLog,
];

/** What each remedy of the tour met here in place of a customer's estate. */
const STOOD_FOR = [
  'PC-1: the Windows build of the PowerShell engine under Wine, over real SSH. An independent implementation of Windows, not Windows.',
  'contoso: a Samba domain controller over real LDAPS. An independent implementation of Active Directory.',
  'sync-1: a double of the synchronization engine, with real directory reads. Nothing of it is Microsoft’s.',
  'PowerShell, SSH, PostgreSQL, the signatures and the audit log are the real ones.',
];

/** Plays the runbooks through the public API as several people, with their refusals and rollbacks, and verifies the audit log. */
export async function playTour(parts: TourParts): Promise<void> {
  const started = Date.now();
  const stage = openStage(parts);
  for (const scene of SCENES) await scene(stage);
  parts.say(`\nVerified in ${Math.round((Date.now() - started) / 1000)} s:`);
  for (const what of stage.seen) parts.say(`  ✓ ${what}`);
  parts.say('\nWhat stood for what:');
  for (const what of STOOD_FOR) parts.say(`  ${what}`);
}
