import { Type } from 'typebox';
import { CONSENT_KINDS } from '../../domain/consent.js';
import { TARGET_KINDS, TOPOLOGIES } from '../../domain/manifest.js';

const closed = { additionalProperties: false } as const;
/** Text for people: no control characters but line breaks and tabs, so that no log or terminal can be played with. */
const prose = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$' });
/** Text that somebody else decides by: nothing in it is invisible, reorders its line or is half a character. */
const seen =
  '[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff]';
const plainProse = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: `^(?=[^]*\\S)${seen}*$` });
const name = Type.String({ minLength: 1, maxLength: 120, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' });
const reason = prose(2000);
const literals = <const T extends string[]>(...values: T) => Type.Enum<T>([...values]);

export const SubmitBody = Type.Object(
  {
    runbook: name,
    target: name,
    parameters: Type.Record(Type.String(), Type.Unknown()),
    reason,
    ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: '^[ -~]*$' })),
    supersedes: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })),
    follows: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })),
  },
  closed,
);

export const DecisionBody = Type.Object(
  {
    decision: literals('approve', 'reject'),
    planDigest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    reason,
    executeBy: Type.Optional(
      Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' }),
    ),
    onFailure: Type.Optional(literals('leave', 'rollback')),
  },
  closed,
);

export const ReasonBody = Type.Object({ reason }, closed);
export const SettleBody = Type.Object({ resolution: literals('in-place', 'not-in-place'), reason }, closed);

const hostKey = Type.String({
  maxLength: 2100,
  pattern: '^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/=]{40,2000}$',
});
const host = Type.String({ maxLength: 254, pattern: '^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$' });
const port = Type.Integer({ minimum: 1, maximum: 65535 });
const transport = Type.Union([
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
  Type.Object({ type: Type.Literal('local') }, closed),
]);
const targetMembers = {
  name,
  kind: literals(...TARGET_KINDS),
  transport,
  credentials: Type.Object({ detect: name, apply: name }, closed),
  tier: Type.Integer({ minimum: 0, maximum: 2 }),
  site: name,
  tags: Type.Array(name, { maxItems: 20, uniqueItems: true }),
  settings: Type.Optional(
    Type.Object(
      {
        topology: Type.Optional(literals(...TOPOLOGIES)),
        verifiedDomains: Type.Optional(Type.Array(host, { maxItems: 100 })),
        globalCatalog: Type.Optional(host),
        ntpServers: Type.Optional(Type.Array(host, { maxItems: 10 })),
        broker: Type.Optional(literals('direct', 'task')),
        directory: Type.Optional(name),
        backupDir: Type.Optional(prose(260)),
      },
      closed,
    ),
  ),
};
export const TargetBody = Type.Object(targetMembers, closed);
export const TargetPatch = Type.Partial(TargetBody, closed);

export const ConsentBody = Type.Object(
  {
    kind: literals(...CONSENT_KINDS),
    subjectSid: Type.String({ maxLength: 80, pattern: '^S-1-(5-21|12-1)(-[0-9]{1,10}){4}$' }),
    evidence: plainProse(1000),
  },
  closed,
);
