import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What a seeded certificate says of itself. Nobody verifies its signature: stores do not. */
export interface CertificateFacts {
  /** `CN=…`, with `,O=…` after it where more is wanted. */
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Extended key usages, as dotted numbers. */
  readonly usages?: readonly string[];
}

export interface Certificate {
  readonly der: Buffer;
  /** SHA-1 of the DER in upper case: the name Windows gives it. */
  readonly thumbprint: string;
}

export const SECURE_MAIL = '1.3.6.1.5.5.7.3.4';
export const EFS = '1.3.6.1.4.1.311.10.3.4';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const NAMES: Readonly<Record<string, string>> = { CN: '2.5.4.3', O: '2.5.4.10' };

// One key for all: making one is the slow part, and nothing here depends on whose it is.
let keys: ReturnType<typeof newKeys> | undefined;
const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** An X.509 v3 certificate with chosen names and times. */
export function makeCertificate({ issuer, subject, notBefore, notAfter, usages }: CertificateFacts): Certificate {
  keys ??= newKeys();
  const algorithm = sequence(oid(SHA256_WITH_RSA), der(0x05));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name(issuer),
    sequence(time(notBefore), time(notAfter)),
    name(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(usages ? [der(0xa3, sequence(sequence(oid('2.5.29.37'), der(0x04, sequence(...usages.map(oid))))))] : []),
  );
  const signature = sign('sha256', body, keys.privateKey);
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { der: whole, thumbprint: createHash('sha1').update(whole).digest('hex').toUpperCase() };
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const short = content.length < 128;
  const size = Buffer.from(content.length.toString(16).padStart(content.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag]), ...(short ? [] : [Buffer.from([0x80 + size.length])]), size, content]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const integer = (value: Buffer) => der(0x02, value);
const time = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function name(text: string): Buffer {
  const parts = text.split(',').map((part) => {
    const [type = '', ...value] = part.split('=');
    return der(0x31, sequence(oid(NAMES[type] ?? type), der(0x0c, Buffer.from(value.join('=')))));
  });
  return sequence(...parts);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift(0x80 | (left & 0x7f));
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}
