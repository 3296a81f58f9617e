import { Type } from 'typebox';
import type { ValueObject } from '../../domain/canonical.js';
import { time } from './jobs.js';
import { closed, literals, name, reason } from './parts.js';
import { KeyProof } from './requests.js';
import { CalendarWindows, zone } from './calendars.js';

const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const count = Type.Integer({ minimum: 1, maximum: 10_000 });

/** What a standing approval covers. */
export const Envelope = Type.Object(
  {
    v: literals(1),
    schedule: Type.Object({ id: Type.String(), sha256: digest }, closed),
    runbook: Type.Object({ id: name, version: Type.String({ maxLength: 60 }), contentSha256: digest }, closed),
    targets: Type.Array(Type.Object({ id: Type.String({ maxLength: 40 }), name, sha256: digest }, closed), {
      ...{ minItems: 1, maxItems: 500 },
    }),
    parameters: Type.Unsafe<ValueObject>({ type: 'object', additionalProperties: true }),
    actions: Type.Array(name, { minItems: 1, maxItems: 50, uniqueItems: true }),
    most: Type.Object({ perTarget: count, inAll: count }, closed),
    hours: Type.Object({ zone, windows: CalendarWindows }, closed),
    notBefore: time,
    notAfter: time,
    salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  },
  closed,
);
const before = Type.Union([digest, Type.Null()]);
const envelope = Type.Union([Envelope, Type.Null()]);

export const StandingBody = Type.Object({ before, envelope, reason, proof: Type.Optional(KeyProof) }, closed);
/** `sha256`: of the envelope; what a next one names as `before`. */
export const StandingInForce = Type.Object(
  {
    schedule: Type.String(),
    sha256: before,
    envelope,
    by: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }, closed)),
  },
  closed,
);
/** What a request asks for, over the envelope that counts now. */
export const StandingAsked = Type.Object({ schedule: Type.String(), before, current: envelope, envelope }, closed);
