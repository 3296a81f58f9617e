import { connect } from 'node:net';
import { HANGS_MS } from '../support/patience.js';
import { bytesOf, type Draft } from './draft.js';

/** What came back for one request. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Whether the whole answer came, as its own head announced it. */
  readonly whole: boolean;
  /** Bytes behind the answer. */
  readonly behind: Buffer;
}

export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Received }
  /** The connection ended without an answer. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** Neither an answer nor an end of the connection. */
  | { readonly kind: 'hangs' }
  /** The client went away on purpose. */
  | { readonly kind: 'left' };

/** How long a stream is read once it has begun, in milliseconds: no verdict depends on it. */
const READ_MS = 60;

/** Sends one request on a connection of its own. A stream of events is read a little and given up. */
export function send(port: number, draft: Draft, hangsMs = HANGS_MS): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const chunks: Buffer[] = [];
    let reading: NodeJS.Timeout | undefined;
    const isHead = draft.method === 'HEAD';
    const over = (outcome: Outcome) => {
      clearTimeout(hanging);
      clearTimeout(reading);
      socket.destroy();
      resolve(outcome);
    };
    const received = () => parseAnswer(Buffer.concat(chunks), isHead);
    const ended = (why: string) => {
      const answer = received();
      over(answer ? { kind: 'answer', answer } : { kind: 'nothing', why });
    };
    const hanging = setTimeout(() => over({ kind: 'hangs' }), hangsMs);
    socket.on('connect', () => {
      const bytes = bytesOf(draft);
      if (draft.ending === 'ends') socket.end(bytes);
      else if (draft.ending === 'leaves') socket.write(bytes, () => over({ kind: 'left' }));
      else socket.write(bytes);
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const answer = received();
      if (!answer) return;
      if (answer.headers.get('content-type')?.startsWith('text/event-stream') === true && !isHead)
        reading ??= setTimeout(() => {
          const events = received();
          if (events) over({ kind: 'answer', answer: { ...events, whole: true } });
        }, READ_MS);
      else if (answer.whole && draft.keepsAlive === true) over({ kind: 'answer', answer });
    });
    socket.on('end', () => ended('the server closed the connection'));
    socket.on('error', (error) => ended(error.message));
  });
}

/** The first answer in these bytes that is not an interim one; undefined while its head is not there. */
export function parseAnswer(bytes: Buffer, isHead: boolean): Received | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})( |$)/.exec(first)?.[1] ?? 0);
  const rest = bytes.subarray(end + 4);
  if (status >= 100 && status < 200) return parseAnswer(rest, isHead);
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const none = { body: Buffer.alloc(0), whole: status !== 0, behind: rest };
  if (isHead || status === 204 || status === 304) return { status, headers, ...none };
  if (headers.get('transfer-encoding') === 'chunked') return { status, headers, ...chunked(rest) };
  const length = Number(headers.get('content-length') ?? rest.length);
  return {
    status,
    headers,
    body: rest.subarray(0, length),
    whole: rest.length >= length,
    behind: rest.subarray(length),
  };
}

/** What the chunks hold so far, and whether the last one is there. */
function chunked(bytes: Buffer): Pick<Received, 'body' | 'whole' | 'behind'> {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at);
    const size = line === -1 ? NaN : parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    const body = () => Buffer.concat(parts);
    const next = line + 2 + size + 2;
    if (Number.isNaN(size) || next > bytes.length) return { body: body(), whole: false, behind: Buffer.alloc(0) };
    if (size === 0) return { body: body(), whole: true, behind: bytes.subarray(next) };
    parts.push(bytes.subarray(line + 2, next - 2));
    at = next;
  }
}
