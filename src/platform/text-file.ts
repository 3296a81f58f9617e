import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

/** A file that people write is not text in UTF-8. The message names the file and says what it is instead. */
export class NotText extends Error {
  readonly why: string;

  constructor(file: string, why: string) {
    super(`${file} ${why}`);
    this.name = 'NotText';
    this.why = why;
  }
}

/** Whether a byte order mark of UTF-8 begins the bytes. */
export const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/**
 * The text of a file that people write: UTF-8, without the byte order mark that some editors put in front. Every such file is decoded here.
 * @param file its name, as a sentence begins with it
 * @throws NotText for other bytes: read as something else they would become other text without a word
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new NotText(file, 'is UTF-16: save it as UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotText(file, 'is not UTF-8 text: save it as UTF-8');
  }
}

/** The lines of a file that may be large. @throws NotText, and what reading throws */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  async function* decoded() {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer, { stream: true });
      yield decoder.decode();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? new NotText(path, 'is not UTF-8 text: export it again')
        : error;
    }
  }
  const input = Readable.from(decoded());
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) break;
    yield next.value;
  }
  if (input.errored) throw input.errored;
}
