import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';

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

/** Bytes that are read at a time: some hundred lines of an export. */
const CHUNK = 256 * 1024;
const LINE_FEED = 10;

/**
 * The lines of a file that may be large, as many at a time as were read together. A line ends at a line feed alone (a carriage return
 * before it is dropped): U+2028 and the like stand in JSON as they are.
 * @throws NotText, and what reading throws
 */
export async function* linesOfFile(path: string): AsyncGenerator<readonly string[]> {
  let begun = false;
  const lines = (parts: readonly Buffer[]): readonly string[] => {
    const bytes = Buffer.concat(parts);
    if (!isUtf8(bytes)) throw new NotText(path, 'is not UTF-8 text: export it again');
    const text = (!begun && hasMark(bytes) ? bytes.subarray(3) : bytes).toString('utf8');
    begun = true;
    return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  };
  /** What was read of a line that is not at its end. */
  const parts: Buffer[] = [];
  for await (const read of createReadStream(path, { highWaterMark: CHUNK })) {
    const chunk = read as Buffer;
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end !== -1) yield lines([...parts.splice(0), chunk.subarray(0, end)]);
    parts.push(chunk.subarray(end + 1));
  }
  if (parts.some(({ length }) => length > 0)) yield lines(parts);
}
