import { CutOff, KerberosReader, principalName } from './reader.js';

/** The first two bytes of a keytab whose numbers are big-endian. */
const MARK = 0x0502;

/** The principals that a keytab has keys of; undefined where the bytes are no keytab. */
export function principalsOf(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== MARK) return undefined;
  const found = new Set<string>();
  try {
    for (const reader = new KerberosReader(bytes, 2); !reader.isAtEnd;) {
      const size = reader.i32();
      // A removed entry leaves a hole of that many bytes; 0 ends the file.
      if (size === 0) break;
      const end = reader.position + Math.abs(size);
      if (size > 0) found.add(principalAt(reader));
      reader.skip(end - reader.position);
    }
  } catch (error) {
    if (error instanceof CutOff) return undefined;
    throw error;
  }
  return [...found];
}

function principalAt(reader: KerberosReader): string {
  const count = reader.u16();
  const realm = reader.text(reader.u16());
  const components = Array.from({ length: count }, () => reader.text(reader.u16()));
  return principalName(components, realm);
}

/** Why a file cannot be the keytab of a principal; undefined where it has keys of it. Whether they are right only the KDC knows. */
export function keytabProblem(bytes: Buffer, principal: string): string | undefined {
  const principals = principalsOf(bytes);
  if (principals === undefined) return 'its file is no keytab (version 2), or is cut off';
  if (principals.includes(principal)) return undefined;
  const has = principals.length === 0 ? 'has no keys' : `has keys of ${principals.slice(0, 5).join(', ')} only`;
  return `its keytab ${has}, and the principal is ${principal}: letters and case count`;
}
