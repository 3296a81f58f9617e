import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { Code } from '../domain/codes/index.js';
import { PROBLEM_TYPE, problemText } from './problem.js';

/**
 * A server whose every refusal is a problem, also of what Node's own parser and server would refuse with less. Not listening yet.
 * An expectation that nobody knows is ignored, as RFC 9110 (section 10.1.1) allows.
 */
export function createHttpServer(options: ServerOptions, app: RequestListener): Server {
  const latest = new WeakMap<Duplex, Exchange>();
  const serve: RequestListener = (request, response) => {
    latest.set(request.socket, { request, response });
    if (namesItsHost(request)) return app(request, response);
    response.writeHead(400, { 'Content-Type': `${PROBLEM_TYPE}; charset=utf-8`, Connection: 'close' });
    response.end(problemText(400, 'malformed-request'));
  };
  const server = createServer({ ...options, requireHostHeader: false }, serve);
  server.on('checkExpectation', serve);
  server.on('connect', (_request, socket) => refuse(socket, 400, 'malformed-request'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const of = latest.get(socket);
    const send = () => (socket.writable ? refuse(socket, ...refusalOf(error.code)) : socket.destroy());
    if (of && !of.request.complete && of.response.headersSent) socket.end();
    // What cannot be read came behind a whole request, whose answer goes first: a refusal now would be taken for it.
    else if (of?.request.complete === true && !of.response.writableFinished) of.response.once('close', send);
    else send();
  });
  return server;
}

/** A request with its answer, which may not have begun. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** RFC 9112, section 3.2: one Host, which only a request of HTTP/1.0 may leave out. */
function namesItsHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

/** A whole answer on a connection that has no response of its own; the connection ends with it. */
function refuse(socket: Duplex, status: number, code: Code): void {
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
}

function refusalOf(error: string | undefined): readonly [status: number, code: Code] {
  if (error === 'HPE_HEADER_OVERFLOW') return [431, 'headers-too-large'];
  if (error === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'request-timed-out'];
  return [400, 'malformed-request'];
}
