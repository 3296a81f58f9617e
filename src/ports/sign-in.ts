/** A Kerberos ticket of one identity, as files of the worker: an engine signs in with them as that identity. */
export interface KerberosTicket {
  /** The credential cache (0600). */
  readonly cache: string;
  /** The krb5.conf that names the realm and its KDCs. */
  readonly config: string;
}

/** A user name and password that reaches a phase as a PSCredential named `$Credential`. */
export interface ResolvedCredential {
  readonly userName: string;
  readonly password: string;
}
