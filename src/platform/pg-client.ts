import pg from 'pg';

/** What a connection to PostgreSQL waits for, in milliseconds. */
export interface Timeouts {
  /** For the answer to one statement; then the connection is given up with it. */
  readonly answerWithinMs: number;
  /** What the server grants a transaction that asks nothing: then it ends the session and lets go what that held. */
  readonly idleInTransactionMs: number;
}

const PATIENCE: Timeouts = { answerWithinMs: 60_000, idleInTransactionMs: 30_000 };

/**
 * A connection whose other end is gone without a word (a cable, a firewall that forgot it, a machine without power) is found out
 * at both ends within about a minute: TCP alone needs a quarter of an hour for a statement on its way, and two hours for one that
 * is idle. What the URL says of the session's settings counts instead.
 */
export function resilientConnection(connectionString: string, patience: Partial<Timeouts> = {}) {
  const { answerWithinMs, idleInTransactionMs } = { ...PATIENCE, ...patience };
  return {
    connectionString,
    connectionTimeoutMillis: 10_000,
    query_timeout: answerWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    options: '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3',
    Client: ResilientClient,
  };
}

/**
 * A client that is lost fails what was asked of it and no more: an `error` nobody listens for would end the process, as between
 * two statements of a transaction, or while the one who took the client out of a pool does not look.
 */
export class ResilientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const ask = this.query.bind(this) as (...words: unknown[]) => unknown;
    // One that did not answer in time waits for that answer still: whoever got it next from the pool would wait behind it.
    const askOrGiveUp = (...words: unknown[]) => {
      const answer = ask(...words);
      if (answer instanceof Promise)
        answer.catch((error: unknown) => {
          if (error instanceof Error && error.message === 'Query read timeout') this.end().catch(() => undefined);
        });
      return answer;
    };
    this.query = askOrGiveUp as typeof this.query;
  }
}
