/** Hashes of one block, 32 bytes each. */
const BLOCK = 4096;
const BYTES = 32;

/** The hashes of the links of a log, in as little memory as they have bytes. */
export function linkHashes() {
  const blocks: Buffer[] = [];
  let size = 0;
  return {
    /** @param hash 64 hex digits */
    add(hash: string): void {
      if (size % BLOCK === 0) blocks.push(Buffer.alloc(BLOCK * BYTES));
      blocks.at(-1)?.write(hash, (size % BLOCK) * BYTES, BYTES, 'hex');
      size += 1;
    },
    /** That of the link with this number, from 1 on; undefined where there is none. */
    at(number: number): string | undefined {
      if (number < 1 || number > size) return undefined;
      const start = ((number - 1) % BLOCK) * BYTES;
      return blocks[Math.floor((number - 1) / BLOCK)]?.toString('hex', start, start + BYTES);
    },
  };
}
