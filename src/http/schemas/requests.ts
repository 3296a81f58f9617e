import { Type, type Static } from 'typebox';
import type { ValueObject } from '../../domain/canonical.js';
import { CONSENT_KINDS } from '../../domain/consent.js';
import { TARGET_KINDS, TOPOLOGIES } from '../../domain/manifest.js';
import { NONCE_PATTERN, SIGNED_AT_PATTERN } from '../../domain/decision-proof.js';
import { POOL_PATTERN, WINRM_AUTHS } from '../../domain/target.js';
import { KID_PATTERN, PUBLIC_KEY_PATTERN, SIGNATURE_PATTERN } from '../../domain/person-key.js';
import { closed, host, literals, name, plainProse, port, prose, reason, uuid } from './parts.js';

/** The format knows the calendar; it takes a leap second, which no Date holds. */
export const instant = Type.String({
  format: 'date-time',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]\\.[0-9]{3}Z$',
});

export const SubmitBody = Type.Object(
  {
    runbook: name,
    target: name,
    parameters: Type.Unsafe<ValueObject>({ type: 'object', additionalProperties: true }),
    reason,
    ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: '^[ -~]*$' })),
    supersedes: Type.Optional(uuid),
    follows: Type.Optional(uuid),
    /** When it may begin to change something: at most 72 hours, within 7 days. Without it, as soon as it is approved. */
    window: Type.Optional(Type.Object({ from: instant, to: instant }, closed)),
  },
  closed,
);

/** Members of a batch and targets of an import, at most. */
export const MOST_MEMBERS = 500;

/** Each is a request as `POST /v1/jobs` takes it, without `supersedes`. */
export const BatchBody = Type.Object(
  { requests: Type.Array(Type.Omit(SubmitBody, ['supersedes'], closed), { minItems: 1, maxItems: MOST_MEMBERS }) },
  closed,
);

/** The format knows the calendar. */
const signedAt = Type.String({ format: 'date-time', pattern: SIGNED_AT_PATTERN });
const kid = Type.String({ pattern: KID_PATTERN });
const signature = Type.String({ pattern: SIGNATURE_PATTERN });

/** `signature`: by the key itself over `fixpoint-key-request-v1`. */
export const KeyBody = Type.Object(
  { publicKey: Type.String({ pattern: PUBLIC_KEY_PATTERN }), at: signedAt, signature },
  closed,
);

/** `signature`: by the key `kid` of who confirms, over `fixpoint-key-confirmation-v1`. */
export const KeyConfirmationBody = Type.Object({ kid, at: signedAt, signature }, closed);

/** A signature by the own key of whoever sends it. */
export const KeyProof = Type.Object(
  { kind: literals('key'), kid, nonce: Type.String({ pattern: NONCE_PATTERN }), at: signedAt, signature },
  closed,
);

export const DecisionBody = Type.Object(
  {
    decision: literals('approve', 'reject'),
    planDigest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    reason,
    executeBy: Type.Optional(instant),
    onFailure: Type.Optional(literals('leave', 'rollback')),
    /** The signature of the decider's own key over `fixpoint-decision-v1`; in production without it nothing is decided. */
    proof: Type.Optional(KeyProof),
  },
  closed,
);

export const MaintenanceBody = Type.Object(
  {
    until: Type.String({ format: 'date-time', description: 'Between a minute and 90 days from now.' }),
    reason: plainProse(2000),
  },
  closed,
);
export const ReasonBody = Type.Object({ reason }, closed);
export const ResolveBody = Type.Object({ resolution: literals('in-place', 'not-in-place'), reason }, closed);

const hostKey = Type.String({
  maxLength: 2100,
  pattern: '^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/=]{40,2000}$',
});
const transports = [
  Type.Object(
    {
      type: Type.Literal('ssh'),
      host,
      port,
      user: Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9_][A-Za-z0-9_.\\\\@-]*$' }),
      hostKey,
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('ldaps'),
      servers: Type.Array(host, { minItems: 1, maxItems: 8, uniqueItems: true }),
      port,
      caFingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('ldap'),
      servers: Type.Array(host, { minItems: 1, maxItems: 8, uniqueItems: true }),
      port,
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('winrm'),
      host,
      port,
      auth: literals(...WINRM_AUTHS),
      /** Without it HTTP is used, on which the sign-in encrypts every message. */
      tls: Type.Optional(
        Type.Object(
          { pinned: literals('authority', 'certificate'), fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
          closed,
        ),
      ),
      spn: Type.Optional(Type.String({ maxLength: 271, pattern: '^(host|HTTP|WSMAN)/[A-Za-z0-9][A-Za-z0-9.:-]*$' })),
      configurationName: Type.Optional(Type.String({ maxLength: 128, pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$' })),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('local') }, closed),
] as const;
type Transports = (typeof transports)[number];
/** One of the transports by its `type`: a wrong member is named, and so are the types there are. */
const transport = Type.Unsafe<Static<Transports>>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: transports,
});
const targetMembers = {
  name,
  kind: literals(...TARGET_KINDS),
  transport,
  credentials: Type.Object({ detect: name, apply: name }, closed),
  tier: literals(0, 1, 2),
  site: name,
  tags: Type.Array(name, { maxItems: 20, uniqueItems: true }),
  settings: Type.Optional(
    Type.Object(
      {
        topology: Type.Optional(literals(...TOPOLOGIES)),
        verifiedDomains: Type.Optional(Type.Array(host, { maxItems: 100 })),
        globalCatalog: Type.Optional(host),
        ntpServers: Type.Optional(Type.Array(host, { maxItems: 10 })),
        userSession: Type.Optional(literals('direct', 'task')),
        directory: Type.Optional(name),
        pool: Type.Optional(Type.String({ pattern: POOL_PATTERN })),
        backupDir: Type.Optional(prose(260)),
      },
      closed,
    ),
  ),
};
export const TargetBody = Type.Object(targetMembers, closed);
export const TargetPatch = Type.Partial(TargetBody, closed);
export const ImportBody = Type.Object(
  { targets: Type.Array(TargetBody, { minItems: 1, maxItems: MOST_MEMBERS }) },
  closed,
);

export const ConsentBody = Type.Object(
  {
    kind: literals(...CONSENT_KINDS),
    subjectSid: Type.String({ maxLength: 80, pattern: '^S-1-(5-21|12-1)(-[0-9]{1,10}){4}$' }),
    evidence: plainProse(1000),
  },
  closed,
);
