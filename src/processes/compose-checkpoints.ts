import { fileSink, syslogSink } from '../adapters/checkpoints/index.js';
import { openCheckpointSigner, openCheckpointVerifier } from '../adapters/keys/checkpoint-keys.js';
import { openRestoreVerifier } from '../adapters/keys/restore-keys.js';
import { trustedCheckpoints } from '../adapters/keys/public-keys.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { CheckpointContext } from '../usecases/audit/sign-checkpoints.js';
import type { Config } from './config.js';

/** What authority needs to sign checkpoints, and to compare the log with those that are kept. */
export async function composeCheckpoints(
  config: Config,
  audit: Pick<AuditLog, 'chained'>,
  log: (message: string) => void,
): Promise<CheckpointContext> {
  return {
    audit,
    checkpoints: {
      ...(await openCheckpointSigner(config.grantPrivateKey)),
      ...(await openCheckpointVerifier(config.grantPublicKey)),
      ...openRestoreVerifier(config.grantPublicKey),
    },
    sinks: checkpointSinks(config),
    trusted: trustedCheckpoints(config.grantPublicKey),
    log,
    clock: () => performance.now(),
  };
}

/** Where the checkpoints of the audit log are kept. */
function checkpointSinks({ checkpointsFile, checkpointSyslog }: Config) {
  return [
    fileSink(checkpointsFile),
    ...(checkpointSyslog === undefined ? [] : [syslogSink(new URL(checkpointSyslog))]),
  ];
}
