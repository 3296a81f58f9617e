import type { Estate } from '../estate.js';
import type { Pc } from './index.js';
import { seedCertificates, seedKeyFolder, setMachineGuid } from './seeding.js';

/** Wine has one user, and this is its SID on every PC. */
const PC_USER_SID = 'S-1-5-21-0-0-0-1000';

/** What the estate's file says the user of this PC has. */
export async function furnish(pc: Pc, estate: Estate): Promise<void> {
  const { vault = [], certificates, machineGuid, keyFiles } = estate.pcs.find(({ name }) => name === pc.name) ?? {};
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
  await pc.seed(vault);
  if (certificates) {
    const facts = certificates.map(({ daysOld, ...names }) => ({
      ...names,
      notBefore: daysAgo(daysOld),
      notAfter: daysAgo(-365),
    }));
    await seedCertificates(pc, facts);
  }
  if (machineGuid !== undefined) await setMachineGuid(pc, machineGuid);
  if (keyFiles) await seedKeyFolder(pc, PC_USER_SID, keyFiles, daysAgo(30));
  // It would hold 120 MB for as long as the laboratory is up; who wants it again starts it again.
  await pc.hand.stop();
}
