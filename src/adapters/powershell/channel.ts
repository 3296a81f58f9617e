import type { Socket } from 'node:net';

export type Frame = { readonly [member: string]: unknown };

/** A host's frame may hold a megabyte of output, escaped; a longer line is no frame of ours. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** NDJSON over a socket. */
export interface Channel {
  send(frame: Frame): void;
  /** The next frame; undefined once the socket is closed. For the greeting only, before `onFrame`. */
  next(): Promise<Frame | undefined>;
  /** From now on every frame goes here, and `onClose` is called once. */
  onFrame(take: (frame: Frame) => void, onClose: () => void): void;
  close(): void;
}

export function openChannel(socket: Socket): Channel {
  const waiting: Frame[] = [];
  let parts: Buffer[] = [];
  let size = 0;
  let closed = false;
  let take: (frame: Frame) => void = (frame) => {
    waiting.push(frame);
    wake();
  };
  let onClosed = () => wake();
  let wake: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      from = end + 1;
      const frame = parse(line);
      if (frame) take(frame);
      else socket.destroy();
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > LONGEST_LINE) socket.destroy();
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
    onClosed();
  });
  return {
    send(frame) {
      if (!closed) socket.write(`${JSON.stringify(frame)}\n`);
    },
    async next() {
      while (waiting.length === 0 && !closed) await new Promise<void>((resolve) => (wake = resolve));
      return waiting.shift();
    },
    onFrame(taker, onClose) {
      take = taker;
      onClosed = onClose;
      for (const frame of waiting.splice(0)) taker(frame);
      if (closed) onClose();
    },
    close: () => socket.destroy(),
  };
}

function parse(line: string): Frame | undefined {
  try {
    return JSON.parse(line) as Frame;
  } catch {
    return undefined;
  }
}
