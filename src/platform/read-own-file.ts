import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { decodeText } from './text-file.js';

/** Most bytes of a key, a password or a certificate. */
export const SECRET_BYTES = 64 * 1024;
/** Most bytes of a file of settings: people, credentials, public keys. */
export const SETTINGS_BYTES = 1024 * 1024;
/** Most bytes of a file of checkpoints: one of 250 bytes a minute for more than a year. */
export const CHECKPOINT_BYTES = 256 * 1024 * 1024;

export interface Reading {
  /** Most bytes that the file may have; default SETTINGS_BYTES. */
  readonly most?: number;
  /** Whether group and others must have no right to it. Default false. */
  readonly closed?: boolean;
}

/** A file that is there and was not read. `why` continues a sentence whose subject is the file. */
export class UnfitFile extends Error {
  readonly why: string;

  constructor(path: string, why: string) {
    super(`${path} ${why}`);
    this.name = 'UnfitFile';
    this.why = why;
  }
}

/** Opening never waits: a FIFO without a writer would hold the caller for ever. A terminal does not become that of the process. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * The text of a file of the installation: a regular file of limited size. What is judged is the file that was opened, not its name. A
 * symbolic link is followed, because mounted secrets are links.
 * @throws UnfitFile; NotText; the error of the system where the file is missing or cannot be opened
 */
export const readOwnFile = async (path: string, reading: Reading = {}): Promise<string> =>
  decodeText(await readOwnBytes(path, reading), path);

/** The bytes of such a file, for what is no text of ours. @throws UnfitFile; the error of the system */
export async function readOwnBytes(path: string, reading: Reading = {}): Promise<Buffer> {
  const file = await open(path, FLAGS);
  try {
    const size = fittingSize(path, await file.stat(), reading);
    const bytes = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length <= size; length += got)
      ({ bytesRead: got } = await file.read(bytes, length, bytes.length - length, null));
    return readBytes(path, bytes, length);
  } finally {
    await file.close();
  }
}

/** The same for code that cannot wait. */
export function readOwnFileSync(path: string, reading: Reading = {}): string {
  const file = openSync(path, FLAGS);
  try {
    const size = fittingSize(path, fstatSync(file), reading);
    const bytes = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length <= size; length += got)
      got = readSync(file, bytes, length, bytes.length - length, null);
    return decodeText(readBytes(path, bytes, length), path);
  } finally {
    closeSync(file);
  }
}

/** Bytes of the file; one more that is read shows that it grew. */
function fittingSize(path: string, stats: Stats, { most = SETTINGS_BYTES, closed = false }: Reading): number {
  if (stats.isDirectory()) throw new UnfitFile(path, 'is a folder: name a file');
  if (!stats.isFile()) throw new UnfitFile(path, 'is not a regular file');
  if (closed && (stats.mode & 0o077) !== 0) throw new UnfitFile(path, 'is readable by others: chmod 600 it');
  if (stats.size > most) throw new UnfitFile(path, `is larger than ${most / 1024} KiB`);
  return stats.size;
}

function readBytes(path: string, bytes: Buffer, length: number): Buffer {
  if (length === bytes.length) throw new UnfitFile(path, 'grew while it was read');
  return bytes.subarray(0, length);
}
