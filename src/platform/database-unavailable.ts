import { types } from 'node:util';
import { isStalePlan } from './pg-client.js';

/** Errors of the network under a connection, by their Node codes. */
const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
];
/**
 * What PostgreSQL says of itself, by SQLSTATE: a lost connection (08), one that it refuses (28, 3D000), no room or no connection left (53), an end by an operator (57),
 * a fault of its system or files (58, XX), a standby that takes no writes (25006), a transaction that idled too long (25P03), and
 * one that lost against others (40).
 */
const SERVER = /^(08...|28...|3D000|53...|57...|58...|XX...|25006|25P03|40...)$/;
/** What the client library says without a code. */
const CLIENT =
  /^(Connection terminated|timeout (expired|exceeded)|Query read timeout|Client (has encountered a connection error|was closed)|Cannot use a pool after|driver has already been destroyed)/;

/**
 * True where an error says that the database could not be reached or could not write, false where it refused the statement or the
 * error is a bug of ours.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  // An error of another realm, such as that of a test, is one too.
  if (!types.isNativeError(error)) return false;
  const { code } = error as { readonly code?: unknown };
  // A transaction in which a statement was prepared before a migration: the next one succeeds.
  if (isStalePlan(error)) return true;
  if (typeof code === 'string' && (NETWORK.includes(code) || SERVER.test(code))) return true;
  return CLIENT.test(error.message);
}
