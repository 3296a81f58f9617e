import type { Operation } from './document.js';

/** A request as it will be sent. Texts of head and address are written byte for byte (Latin-1). */
export interface Draft {
  readonly operation: Operation;
  readonly method: string;
  /** The address without its query. */
  readonly path: string;
  /** Names and values of the query, already encoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly version: string;
  /** Value of the body; undefined where there is none, or where `bytes` says what is sent. */
  readonly value?: unknown;
  readonly bytes?: Buffer;
  /** How the end of the body is told: by its length, in chunks, or as the headers say already. */
  readonly framing: 'length' | 'chunked' | 'by-headers';
  /** What the client does after its last byte: wait, end its half of the connection, or go away at once. */
  readonly ending: 'waits' | 'ends' | 'leaves';
  /** Whether it is sent twice on one connection, the second time without waiting for the first answer. */
  readonly repeats?: boolean;
  /** What is sent behind it on the same connection, which is no request. */
  readonly rubbish?: string;
  /** Whether the connection is to stay open, so that the server reads what it does not need. */
  readonly keepsAlive?: boolean;
}

export const addressOf = ({ path, query }: Draft): string =>
  query.length === 0 ? path : `${path}?${query.map(([name, value]) => `${name}=${value}`).join('&')}`;

/** A text inside a value that is put into the JSON as it is, without quotes: for what JSON.stringify cannot say. */
export const RAW = '\u{1f4ce}raw:';
const RAW_QUOTED = new RegExp(`"${RAW}((?:[^"\\\\]|\\\\.)*)"`, 'gu');

export function jsonOf(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(RAW_QUOTED, (_, text: string) => String(JSON.parse(`"${text}"`)));
}

export function bodyOf({ value, bytes }: Draft): Buffer | undefined {
  return bytes ?? (value === undefined ? undefined : Buffer.from(jsonOf(value)));
}

/** Replaces the header of that name, or adds it; undefined removes it. */
export function withHeader<D extends Draft>(draft: D, name: string, ...values: readonly (string | undefined)[]): D {
  const others = draft.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  const added = values.flatMap((value) => (value === undefined ? [] : [[name, value] as const]));
  return { ...draft, headers: [...others, ...added] };
}

/** The bytes of a request. */
export function bytesOf(draft: Draft): Buffer {
  const { repeats, rubbish } = draft;
  if (repeats !== true && rubbish === undefined) return once(draft);
  return Buffer.concat([
    once({ ...draft, keepsAlive: true }),
    repeats === true ? once(draft) : Buffer.from(rubbish ?? ''),
  ]);
}

function once(draft: Draft): Buffer {
  const body = bodyOf(draft);
  const { method, version, headers, framing } = draft;
  const framed =
    framing === 'chunked'
      ? ['Transfer-Encoding: chunked']
      : framing === 'length' && body !== undefined
        ? [`Content-Length: ${body.length}`]
        : [];
  const close = draft.keepsAlive === true ? [] : ['Connection: close'];
  const lines = [
    `${method} ${addressOf(draft)} ${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...framed,
    ...close,
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, ...(body === undefined ? [] : [framing === 'chunked' ? inChunks(body) : body])]);
}

function inChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, size = 1; at < body.length; at += size, size = size * 3 + 1) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
