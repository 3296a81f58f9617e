import type { VerifyGrant } from '../../domain/audit-line.js';
import { fail } from '../../domain/result.js';
import type { VerifyWith } from '../../domain/verify-audit.js';
import { openAdmissionVerifier } from './admission-keys.js';
import { openPersonKeyVerifier } from './person-keys.js';
import { trustedCheckpoints } from './public-keys.js';
import { openAheadVerifier, type AheadVerifier } from './verify-ahead.js';

/** What judges the signatures in an audit log. */
export interface AuditJudges {
  readonly judges: Pick<VerifyWith, 'checkpoints' | 'verify' | 'verifyPersonKey' | 'verifyAdmission' | 'verifySubject'>;
  /** See `AheadVerifier`. */
  readonly announce: AheadVerifier['announce'];
}

/** The judges of an audit log by the pinned public keys: a revoked key counts up to its checkpoint, which the log must fit. */
export async function openAuditJudges(publicPath: string): Promise<AuditJudges> {
  const grants = await openAheadVerifier(publicPath, 'history');
  const { verifyPersonKey } = await openPersonKeyVerifier(publicPath, 'history');
  const { verifyAdmission, verifySubjectAdmission } = openAdmissionVerifier(publicPath, 'history');
  const verify: VerifyGrant = (signed, seq) => {
    const result = grants.verify(signed, seq);
    return result.ok ? result : fail({ why: result.error.why });
  };
  return {
    judges: {
      checkpoints: trustedCheckpoints(publicPath),
      verify,
      verifyPersonKey,
      verifyAdmission,
      verifySubject: verifySubjectAdmission,
    },
    announce: grants.announce,
  };
}
