import type { KerberosTicket, ResolvedCredential } from './sign-in.js';

/** What a certificate of the target is trusted by; there is no other way. Revocation is not looked up. */
export type WinRmTrust =
  /** Absolute path of a PEM file with the authorities that may have signed it; the name in it must be that of the target. */
  | { readonly caFile: string }
  /** SHA-256 of the certificate itself (64 lower-case hex digits): its name and its authority do not matter then. */
  | { readonly sha256: string };

/** Absolute paths of PEM files (the key 0600, without a passphrase). */
export interface ClientCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** How the worker signs in. Nothing falls from one to another: `kerberos` never becomes NTLM. */
export type WinRmSignIn =
  | { readonly auth: 'kerberos'; readonly credential: KerberosTicket }
  /** What both sides agree on, NTLM included. */
  | { readonly auth: 'negotiate'; readonly credential: KerberosTicket | ResolvedCredential }
  | { readonly auth: 'ntlm'; readonly credential: ResolvedCredential }
  /** These two are refused without TLS (`insecure-transport`), before anything is sent. */
  | { readonly auth: 'basic'; readonly credential: ResolvedCredential }
  | { readonly auth: 'certificate'; readonly credential: ClientCertificate };

/** A shell of WinRM (PSRP over WS-Management). Without TLS every message is sealed by the sign-in. */
export type WinRmPlace = WinRmSignIn & {
  readonly kind: 'winrm';
  /** The full DNS name, by which the target proves itself; an address only where `spn` or `trust` makes up for it. */
  readonly host: string;
  /** 5986 with TLS and 5985 without, as Windows has them. */
  readonly port: number;
  readonly tls: boolean;
  /** Given exactly with TLS. */
  readonly trust?: WinRmTrust;
  /** The service that the target proves to be; `host/<host>` when absent. */
  readonly spn?: string;
  /** The session configuration, such as that of a JEA endpoint; `Microsoft.PowerShell` (Windows PowerShell 5.1) when absent. */
  readonly configurationName?: string;
  /** Longest wait of the target before it answers that there is no output yet, in ms; each request has this and 30 s. Default 60,000. */
  readonly operationTimeoutMs?: number;
  /** After how many ms without a request the target ends the shell, which is what ends those of a killed worker. Default 900,000. */
  readonly idleTimeoutMs?: number;
  /** Largest envelope in bytes. Default 512,000; 153,600 for Windows before Server 2012. */
  readonly maxEnvelope?: number;
};
