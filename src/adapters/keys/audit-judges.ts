import type { VerifyGrant } from '../../domain/audit-line.js';
import { fail, type Result } from '../../domain/result.js';
import type { VerifyWith } from '../../domain/verify-audit.js';
import { openAdmissionVerifier } from './admission-keys.js';
import { openPersonKeyVerifier } from './person-keys.js';
import { trustedCheckpoints } from './public-keys.js';
import { openRestoreVerifier, trustedRestores } from './restore-keys.js';
import { openRolloutGrantVerifier } from './rollout-grants.js';
import { openAheadVerifier, type AheadVerifier } from './verify-ahead.js';

/** What judges the signatures in an audit log. */
export interface AuditJudges {
  readonly judges: Pick<
    VerifyWith,
    | 'checkpoints'
    | 'trustedRestores'
    | 'verify'
    | 'verifyPersonKey'
    | 'verifyAdmission'
    | 'verifySubject'
    | 'verifyRestore'
    | 'verifyRolloutGrant'
  >;
  /** See `AheadVerifier`. */
  readonly announce: AheadVerifier['announce'];
}

type Judge<Signed, Said> = (signed: Signed, seq?: number) => Result<Said, { readonly why: string }>;

/** Judges a signature in its one form alone: another verifier may read other base64 in another way. */
function inOneForm<Signed extends { readonly signature: string }, Said>(
  judge: Judge<Signed, Said>,
): Judge<Signed, Said> {
  const isOne = (text: string) => Buffer.from(text, 'base64').toString('base64') === text;
  return (signed, seq) =>
    isOne(signed.signature) ? judge(signed, seq) : fail({ why: 'the signature is in no form of base64 that counts' });
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
      trustedRestores: trustedRestores(publicPath),
      verify: inOneForm(verify),
      verifyPersonKey: inOneForm(verifyPersonKey),
      verifyAdmission: inOneForm(verifyAdmission),
      verifySubject: inOneForm(verifySubjectAdmission),
      verifyRolloutGrant: inOneForm(openRolloutGrantVerifier(publicPath, 'history').verifyRollout),
      ...openRestoreVerifier(publicPath),
    },
    announce: grants.announce,
  };
}
