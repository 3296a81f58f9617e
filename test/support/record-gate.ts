import { connect, createServer, type Socket } from 'node:net';

/**
 * Where a worker is when it is stopped, of one change:
 * `intent-durable`: its intent is committed, and the worker does not know it yet, so nothing was sent to the target;
 * `result-unwritten`: the target has answered, and the result is not in the record;
 * `result-durable`: its result is committed, and the worker does not know it yet, so nothing of the next change has begun.
 */
export type Moment = 'intent-durable' | 'result-unwritten' | 'result-durable';

export interface Stop {
  readonly moment: Moment;
  readonly changeId: string;
}

/** What stands between one process and its record. */
export interface RecordGate {
  readonly port: number;
  close(): void;
}

const STATEMENT: Record<Moment, RegExp> = {
  'intent-durable': /^insert into "change_journal"/,
  'result-unwritten': /^update "change_journal"/,
  'result-durable': /^update "change_journal"/,
};

/**
 * A relay on loopback that reads what a process says to PostgreSQL (protocol 3, without TLS) and at the asked stop lets that
 * connection hear and say nothing more: the process stands exactly there until it is killed. Everything else goes through. The
 * product needs no switch for it; if the product's statements change, the stop is never reached, and whoever waits for it fails.
 * @param asked the stop that is wanted now
 * @param reached called once a connection stands there; for a durable moment the commit is on its way by then
 */
export async function startRecordGate(
  to: number,
  asked: () => Stop | undefined,
  reached: (stop: Stop) => void,
): Promise<RecordGate> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const reader = createReader(asked);
    let isDeaf = false;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    far.on('data', (chunk) => void (isDeaf || near.write(chunk)));
    near.on('data', (chunk) => {
      const { pass, stop } = reader.read(chunk);
      isDeaf ||= stop !== undefined;
      for (const message of pass) far.write(message);
      if (stop) reached(stop);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Cuts one connection's words into messages and finds the stop among them. */
function createReader(asked: () => Stop | undefined) {
  let rest: Buffer = Buffer.alloc(0);
  let isBegun = false;
  let isStopped = false;
  /** The texts of this connection's statements, by the names that they were prepared under. */
  const statements = new Map<string, string>();
  let statement = '';
  /** A statement on the journal that is not sent on before its values are seen. */
  let kept: Buffer[] = [];
  let stopAtCommit: Stop | undefined;

  const one = (message: Buffer): { pass: readonly Buffer[]; stop?: Stop } => {
    const kind = String.fromCharCode(message[0] ?? 0);
    if (kind === 'Q' && stopAtCommit && message.toString('latin1', 5).startsWith('commit')) {
      return { pass: [message], stop: stopAtCommit };
    }
    if (kind === 'Q') stopAtCommit = undefined;
    if (kind === 'P') {
      statement = textAt(message, 1);
      statements.set(textAt(message, 0), statement);
    }
    // The portal, then the statement that was prepared now or before.
    if (kind === 'B') statement = statements.get(textAt(message, 1)) ?? '';
    const stop = asked();
    const isOurs = stop !== undefined && STATEMENT[stop.moment].test(statement);
    if (isOurs && kind === 'P') {
      kept = [message];
      return { pass: [] };
    }
    const values = isOurs && kind === 'B' ? message.toString('latin1') : '';
    // Another statement writes what a look at the target showed: only what the target itself answered is a result here.
    const isIt =
      stop && values.includes(stop.changeId) && (stop.moment === 'intent-durable' || values.includes('changed'));
    if (isIt && stop.moment === 'result-unwritten') return { pass: [], stop };
    if (isIt) stopAtCommit = stop;
    const pass = [...kept, message];
    kept = [];
    return { pass };
  };

  return {
    read(chunk: Buffer): { pass: readonly Buffer[]; stop?: Stop } {
      if (isStopped) return { pass: [] };
      rest = Buffer.concat([rest, chunk]);
      const pass: Buffer[] = [];
      // The first message has no letter before its length.
      for (let head = isBegun ? 1 : 0; rest.length >= head + 4; head = 1) {
        const length = head + rest.readUInt32BE(head);
        if (rest.length < length) break;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (!isBegun) {
          isBegun = true;
          pass.push(message);
          continue;
        }
        const seen = one(message);
        pass.push(...seen.pass);
        if (seen.stop) {
          isStopped = true;
          return { pass, stop: seen.stop };
        }
      }
      return { pass };
    },
  };
}

/** The texts at the beginning of a message, each ended by a zero: of Parse the name and the statement, of Bind the portal and the name. */
function textAt(message: Buffer, index: number): string {
  let from = 5;
  for (let i = 0; i < index; i++) from = message.indexOf(0, from) + 1;
  return message.toString('utf8', from, message.indexOf(0, from));
}
