import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Code } from '../domain/codes/index.js';
import { PROBLEM_TYPE, problemText } from './problem.js';

/** A server whose every refusal is a problem, also of what its parser cannot read. Not listening yet. */
export function createHttpServer(options: ServerOptions, app: RequestListener): Server {
  const server = createServer(options, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, code] = refusalOf(error.code);
    const body = problemText(status, code);
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Content-Type: ${PROBLEM_TYPE}; charset=utf-8`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  });
  return server;
}

function refusalOf(error: string | undefined): readonly [status: number, code: Code] {
  if (error === 'HPE_HEADER_OVERFLOW') return [431, 'headers-too-large'];
  if (error === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'request-timed-out'];
  return [400, 'malformed-request'];
}
