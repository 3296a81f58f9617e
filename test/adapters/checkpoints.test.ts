import { describe, expect, it } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileSink, syslogSink } from '../../src/adapters/checkpoints/index.js';

const NOTE = `fixpoint/0123456789abcdef/0\n3\n${'A'.repeat(43)}=\n\n\u2014 fixpoint-authority ${'A'.repeat(90)}==\n`;

describe('the file of the checkpoints', () => {
  it('is appended to, and read back', async () => {
    const path = join(mkdtempSync('/tmp/fxcf-'), 'c.txt');
    const sink = fileSink(path);
    expect(await sink.kept()).toEqual([]);
    await sink.keep(NOTE);
    await sink.keep(NOTE.replace('\n3\n', '\n4\n'));
    expect(await sink.kept()).toEqual([NOTE, NOTE.replace('\n3\n', '\n4\n')]);
    expect(statSync(path).mode & 0o022).toBe(0);
  });

  it('is appended to after a note that a crash cut', async () => {
    const path = join(mkdtempSync('/tmp/fxcf-'), 'c.txt');
    writeFileSync(path, NOTE + NOTE.slice(0, 40));
    await fileSink(path).keep(NOTE);
    expect(await fileSink(path).kept()).toEqual([NOTE, NOTE]);
  });

  it('says where it cannot be written', async () => {
    await expect(fileSink('/nowhere/at/all').keep(NOTE)).rejects.toThrow('ENOENT');
    await expect(fileSink('/').kept()).rejects.toThrow('is a folder: name a file');
  });
});

/** RFC 5424: priority, version, time, host, program, process, kind, no structured data, and the text. */
const LINE = /^<109>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ fixpoint \d+ checkpoint - (\{.*\})$/s;
const checkpointIn = (line: string) => (JSON.parse(LINE.exec(line)?.[1] ?? '{}') as { checkpoint?: string }).checkpoint;

describe('a collector of syslog', () => {
  it('gets each checkpoint as one datagram', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const received = new Promise<string>((resolve) => socket.on('message', (message) => resolve(message.toString())));
    const { port } = socket.address();
    await syslogSink(new URL(`udp://127.0.0.1:${port}`)).keep(NOTE);
    expect(checkpointIn(await received)).toBe(NOTE);
    socket.close();
  });

  it('gets each checkpoint over a connection, with its length before it', async () => {
    let text = '';
    const ended = new Promise<void>((resolve) => {
      const server = createServer((socket) => {
        socket.on('data', (chunk) => (text += chunk.toString()));
        socket.on('end', () => (server.close(), resolve()));
      });
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        void syslogSink(new URL(`tcp://127.0.0.1:${port}`)).keep(NOTE);
      });
    });
    await ended;
    const [length = ''] = text.split(' ', 1);
    const line = text.slice(length.length + 1);
    expect([Number(length), checkpointIn(line)]).toEqual([Buffer.byteLength(line), NOTE]);
  });

  it('that is not there has not taken it, and cannot be read back', async () => {
    const closed = createServer();
    const port = await new Promise<number>((resolve) =>
      closed.listen(0, '127.0.0.1', () => resolve((closed.address() as AddressInfo).port)),
    );
    await new Promise((resolve) => closed.close(resolve));
    const sink = syslogSink(new URL(`tcp://127.0.0.1:${port}`));
    await expect(sink.keep(NOTE)).rejects.toThrow('ECONNREFUSED');
    expect(await sink.kept()).toEqual([]);
  });
});
