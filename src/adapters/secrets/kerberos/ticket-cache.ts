import { CutOff, KerberosReader, principalName } from './reader.js';

/** The first two bytes of a credential cache of the fourth and present version. */
const MARK = 0x0504;

/** From when and until when a ticket is good, in ms. */
export interface TicketTimes {
  readonly from: number;
  readonly until: number;
}

/** The times of the ticket with which a cache gets all others (of krbtgt); undefined where it holds none. */
export function ticketTimes(bytes: Buffer): TicketTimes | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== MARK) return undefined;
  try {
    const reader = new KerberosReader(bytes, 2);
    reader.skip(reader.u16());
    principalAt(reader);
    while (!reader.isAtEnd) {
      const { server, times } = credentialAt(reader);
      if (server.startsWith('krbtgt/')) return times;
    }
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
  }
  return undefined;
}

function credentialAt(reader: KerberosReader): { readonly server: string; readonly times: TicketTimes } {
  principalAt(reader);
  const server = principalAt(reader);
  // The session key: its type and its bytes.
  reader.skip(2);
  reader.skip(reader.u32());
  const [authenticated, from, until] = [reader.u32(), reader.u32(), reader.u32()];
  // Renewable until; one byte; flags.
  reader.skip(4 + 1 + 4);
  for (const _ of ['addresses', 'authorization data'])
    for (let left = reader.u32(); left > 0; left--) {
      reader.skip(2);
      reader.skip(reader.u32());
    }
  // The ticket and the second one.
  reader.skip(reader.u32());
  reader.skip(reader.u32());
  return { server, times: { from: (from || authenticated) * 1000, until: until * 1000 } };
}

function principalAt(reader: KerberosReader): string {
  reader.skip(4);
  const count = reader.u32();
  const realm = reader.text(reader.u32());
  const components = Array.from({ length: Math.min(count, 64) }, () => reader.text(reader.u32()));
  return principalName(components, realm);
}
