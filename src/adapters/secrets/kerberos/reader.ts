/** Reads the files of MIT Kerberos, whose numbers are big-endian. Past the end it throws a RangeError. */
export class KerberosReader {
  private readonly bytes: Buffer;
  private at: number;

  constructor(bytes: Buffer, from: number) {
    this.bytes = bytes;
    this.at = from;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  get position(): number {
    return this.at;
  }

  u16(): number {
    const value = this.bytes.readUInt16BE(this.at);
    this.at += 2;
    return value;
  }

  u32(): number {
    const value = this.bytes.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  i32(): number {
    const value = this.bytes.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  skip(length: number): void {
    if (length < 0 || this.at + length > this.bytes.length) throw new RangeError('past the end');
    this.at += length;
  }

  text(length: number): string {
    const from = this.at;
    this.skip(length);
    return this.bytes.toString('utf8', from, this.at);
  }
}

/** `account@REALM`, or `service/host@REALM`. */
export const principalName = (components: readonly string[], realm: string): string =>
  `${components.join('/')}@${realm}`;
