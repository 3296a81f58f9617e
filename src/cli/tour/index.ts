import { auditLog } from './audit-log.js';
import { certificate } from './certificate.js';
import { credentialVault } from './credential-vault.js';
import { badRequests, directoryAttribute, stalePlan } from './directory-attribute.js';
import { keyFolder } from './key-folder.js';
import { openStage, type TourParts } from './stage.js';

const SCENES = [credentialVault, certificate, keyFolder, directoryAttribute, stalePlan, badRequests, auditLog];

/** Plays the runbooks through the public API as several people, with their refusals and rollbacks, and verifies the audit log. */
export async function playTour(parts: TourParts): Promise<void> {
  const started = Date.now();
  const stage = openStage(parts);
  for (const scene of SCENES) await scene(stage);
  parts.say(`\nVerified in ${Math.round((Date.now() - started) / 1000)} s:`);
  for (const what of stage.seen) parts.say(`  ✓ ${what}`);
}
