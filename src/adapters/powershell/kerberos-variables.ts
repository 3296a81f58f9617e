import { join } from 'node:path';
import type { KerberosTicket } from '../../ports/powershell-host.js';

/** The least strength of the sealing, in bits: AES. A server that does not seal is not signed in to. */
const LEAST_STRENGTH = 128;

/** Where the libraries look without the variable. */
const DEFAULT_CONFIG = '/etc/krb5.conf';

/**
 * What the native libraries of an engine read from its environment: LDAP, SASL and Kerberos. They read it once, so an identity is that
 * of the process. An engine without a ticket finds none, whatever the user of the worker has.
 */
export function kerberosVariables(folder: string, ticket?: KerberosTicket): Readonly<Record<string, string>> {
  // The engine replaces the configuration for each sign-in over WinRM: a variable that is there from the start is replaced in its place, which no thread that reads it notices.
  if (!ticket) return { KRB5CCNAME: `FILE:${join(folder, 'no-ticket')}`, KRB5_CONFIG: DEFAULT_CONFIG };
  return {
    KRB5CCNAME: `FILE:${ticket.cache}`,
    KRB5_CONFIG: ticket.config,
    // A key in the keytab of the machine is nobody's way in.
    KRB5_CLIENT_KTNAME: `FILE:${join(folder, 'no-keytab')}`,
    // The name of the inventory is the one that the server proves, not one that DNS gives for its address.
    LDAPSASL_NOCANON: 'on',
    LDAPSASL_SECPROPS: `minssf=${LEAST_STRENGTH}`,
  };
}
