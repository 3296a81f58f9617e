import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import type { CheckpointSink } from '../../ports/checkpoints.js';

/** Facility 13 (log audit), severity 5 (notice). */
const PRIORITY = 13 * 8 + 5;
const WITHIN_MS = 5000;

/** RFC 5424, one line: the note stands in it as JSON text, so that its line feeds survive every collector. */
export function syslogMessage(note: string, at: Date): string {
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-';
  return `<${PRIORITY}>1 ${at.toISOString()} ${host.slice(0, 255)} fixpoint ${process.pid} checkpoint - ${JSON.stringify({ checkpoint: note })}`;
}

/** A collector by `udp://host:port` or `tcp://host:port` (octet counting, RFC 6587). It cannot be read back. */
export function syslogSink(url: URL): CheckpointSink {
  const { protocol } = url;
  const [host, port] = [url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 514)];
  return {
    name: url.href,
    kept: () => Promise.resolve([]),
    async keep(note) {
      const message = Buffer.from(syslogMessage(note, new Date()));
      await (protocol === 'udp:' ? sendDatagram(host, port, message) : sendStream(host, port, message));
    },
  };
}

function sendDatagram(host: string, port: number, message: Buffer): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  return new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.send(message, port, host, (error) => (error ? reject(error) : resolve()));
  }).finally(() => socket.close());
}

function sendStream(host: string, port: number, message: Buffer): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('error', reject);
    socket.on('connect', () => socket.end(Buffer.concat([Buffer.from(`${message.length} `), message])));
    socket.on('close', (failed) => (failed ? undefined : resolve()));
    socket.resume();
  });
}
