/** A file that ends before its time. */
export class CutOff extends Error {
  constructor() {
    super('the file is cut off');
    this.name = 'CutOff';
  }
}

/** Reads the files of MIT Kerberos, whose numbers are big-endian. Past the end it throws `CutOff`. */
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
    return this.bytes.readUInt16BE(this.take(2));
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.take(4));
  }

  i32(): number {
    return this.bytes.readInt32BE(this.take(4));
  }

  skip(length: number): void {
    this.take(length);
  }

  text(length: number): string {
    const from = this.take(length);
    return this.bytes.toString('utf8', from, this.at);
  }

  private take(length: number): number {
    const from = this.at;
    if (length < 0 || from + length > this.bytes.length) throw new CutOff();
    this.at += length;
    return from;
  }
}

/** `account@REALM`, or `service/host@REALM`. */
export const principalName = (components: readonly string[], realm: string): string =>
  `${components.join('/')}@${realm}`;
