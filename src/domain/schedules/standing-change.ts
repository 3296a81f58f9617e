import { canonicalJson, isCanonical } from '../canonical.js';
import { standingStepDigest } from '../standing-step.js';
import { envelopeDigest, type Envelope } from './envelope.js';

/** The envelope that people ask for, or its withdrawal, over the one that counts. */
export interface StandingChange {
  readonly schedule: string;
  /** Digest of the envelope that counts; null: none does. */
  readonly before: string | null;
  /** null: withdrawn. */
  readonly envelope: Envelope | null;
}

/** The digest that people sign. */
export const standingChangeDigest = ({ schedule, before, envelope }: StandingChange): string =>
  standingStepDigest(schedule, before, envelope && envelopeDigest(envelope));

/** As a request keeps it. */
export const standingChangeText = ({ schedule, before, envelope }: StandingChange): string =>
  canonicalJson({ schedule, before, envelope });

/** The change that a request keeps; undefined where the text is none, which no digest is that of. */
export function readStandingChange(text: string | undefined): StandingChange | undefined {
  try {
    const read = JSON.parse(text ?? 'null') as Partial<StandingChange> | null;
    const isEnvelope = read?.envelope === null || (typeof read?.envelope === 'object' && Number(read.envelope.v) === 1);
    const isBefore = read?.before === null || typeof read?.before === 'string';
    const whole = typeof read?.schedule === 'string' && isBefore && isEnvelope && isCanonical(read, text ?? '');
    return whole ? (read as StandingChange) : undefined;
  } catch {
    return undefined;
  }
}
