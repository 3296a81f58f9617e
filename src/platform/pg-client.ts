import pg from 'pg';

/** What a connection to PostgreSQL waits for, in milliseconds. */
export interface Timeouts {
  /** For the answer to one statement; then the connection is given up with it. */
  readonly answerWithinMs: number;
  /** For an idle transaction: then the server ends the session and releases its locks. */
  readonly idleInTransactionMs: number;
}

const PATIENCE: Timeouts = { answerWithinMs: 60_000, idleInTransactionMs: 30_000 };

/**
 * Session settings that the product relies on: a server, a database or a role may have others (`ALTER ROLE … SET datestyle`), and
 * they change what a date reads as, where a table is made, and what a transaction sees.
 */
const PINNED: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
};

/** Types of a date or a time (OIDs of date, timestamp, timestamptz). */
const TIMES: ReadonlySet<number> = new Set([1082, 1114, 1184]);

/** A time that cannot be read is an error: null would pass as "before now". */
const strictTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const parse = pg.types.getTypeParser(oid, format) as (value: string) => unknown;
    if (!TIMES.has(oid)) return parse;
    return (value: string) => {
      const time = parse(value);
      if (time === null) throw new Error(`PostgreSQL sent a time that cannot be read: ${value}`);
      return time;
    };
  },
};

const optionText = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
    .join(' ');

export interface Session {
  /** Where names without a schema are looked up and made; default public. */
  readonly schema?: string;
  /** Settings that `options` in the URL may change. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** How every connection to PostgreSQL is opened: with the session settings that the product relies on, whatever the server's are. */
export function pinnedConnection(connectionString: string, { schema = 'public', defaults = {} }: Session = {}) {
  const url = new URL(connectionString);
  const own = url.searchParams.get('options') ?? '';
  // What is in the URL would replace `options`. Of two values of a setting the last counts.
  url.searchParams.delete('options');
  const options = [optionText(defaults), own, optionText({ ...PINNED, search_path: schema })].filter(Boolean).join(' ');
  return { connectionString: own === '' ? connectionString : url.toString(), options, types: strictTypes };
}

const KEEPALIVE = { tcp_keepalives_idle: '30', tcp_keepalives_interval: '10', tcp_keepalives_count: '3' };

/**
 * Options that detect a half-open connection (a cut cable, a firewall that dropped it, a machine without power) at both ends within
 * about a minute. TCP's defaults take 15 minutes for a statement that was sent, and two hours for an idle connection. Keepalive
 * settings in the URL win.
 */
export function resilientConnection(connectionString: string, patience: Partial<Timeouts & Session> = {}) {
  const { answerWithinMs, idleInTransactionMs } = { ...PATIENCE, ...patience };
  return {
    ...pinnedConnection(connectionString, { ...patience, defaults: { ...KEEPALIVE, ...patience.defaults } }),
    connectionTimeoutMillis: 10_000,
    query_timeout: answerWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    Client: ResilientClient,
  };
}

/** So many texts are prepared per connection; further ones are planned each time, so that neither end keeps without bound. */
const MOST_PREPARED = 200;

/** A statement was prepared before a migration changed what it returns: nothing was executed. */
export function isStalePlan(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { readonly code?: unknown; readonly routine?: unknown };
  return code === '0A000' && routine === 'RevalidateCachedQuery';
}

/**
 * A lost client fails its statements only. Without an `error` listener it would end the process, for example between two statements
 * of a transaction. A statement with parameters is prepared once per connection: PostgreSQL parses it once, and plans it anew only
 * where the values make a better plan.
 */
export class ResilientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const ask = this.query.bind(this) as (...words: unknown[]) => unknown;
    const names = new Map<string, string>();
    let named = 0;
    const nameOf = (text: string): string | undefined => {
      const known = names.get(text);
      if (known !== undefined || names.size >= MOST_PREPARED) return known;
      const name = `p${(named += 1)}`;
      names.set(text, name);
      return name;
    };
    /** The words of a call, as one that names its statement. */
    const prepared = (words: unknown[]): unknown[] => {
      const [text, values, ...rest] = words;
      if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return words;
      const name = nameOf(text);
      return name === undefined ? words : [{ name, text, values }, ...rest];
    };
    // A client that timed out still waits for its reply; it is closed so that the pool does not hand it out again.
    const askOrGiveUp = (...words: unknown[]) => {
      const answer = ask(...prepared(words));
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((error: unknown) => {
        if (isStalePlan(error)) {
          // Under new names each statement is prepared once more.
          names.clear();
          if (this.getTransactionStatus() === 'I') return ask(...prepared(words));
        }
        if (error instanceof Error && error.message === 'Query read timeout') this.end().catch(() => undefined);
        throw error;
      });
    };
    this.query = askOrGiveUp as typeof this.query;
  }
}
