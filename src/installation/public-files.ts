import { join } from 'node:path';
import { homeDirectory, INSTALL_ROOT, pathFrom } from '../platform/install-root.js';

/** The public keys of this installation: FIXPOINT_GRANT_PUBLIC, or those of the home. */
export function publicKeysPath(): string {
  return (
    pathFrom(INSTALL_ROOT, process.env.FIXPOINT_GRANT_PUBLIC) ?? join(homeDirectory(), 'keys', 'grant-public.json')
  );
}

/** The file of checkpoints: FIXPOINT_CHECKPOINTS, or that of the home. It may not be there. */
export function checkpointsPath(): string {
  return pathFrom(INSTALL_ROOT, process.env.FIXPOINT_CHECKPOINTS) ?? join(homeDirectory(), 'checkpoints.txt');
}
