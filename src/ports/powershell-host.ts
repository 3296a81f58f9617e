import type { ScriptText } from '../domain/bundle.js';
import type { Value } from '../domain/canonical.js';
import type { ListedCommand } from '../domain/listed-command.js';
import type { Result } from '../domain/result.js';
import type { KerberosTicket, ResolvedCredential } from './sign-in.js';
import type { WinRmPlace } from './winrm-place.js';

export type { KerberosTicket, ResolvedCredential };

/** Where a runspace lives. `plan` is a local runspace locked down for Plan (RULES 2): ConstrainedLanguage, no providers, no programs. */
export type Place =
  /** With a ticket the runspace is in an engine process of that identity's own. */
  | { readonly kind: 'local'; readonly ticket?: KerberosTicket }
  | { readonly kind: 'plan' }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      /** The pinned host key as in known_hosts without the host: `ssh-ed25519 AAAA…`. */
      readonly hostKey: string;
      /** Absolute path of the private key file (0600). */
      readonly identityFile: string;
      /** Connections are shared between sessions of one target and credential: names both. */
      readonly masterKey: string;
    }
  | WinRmPlace;

/** Whether a runspace there is on another machine: an engine of its own that starts with the session and may outlive it. */
export const isRemote = ({ kind }: Place): boolean => kind === 'ssh' || kind === 'winrm';

/** How a phase on the worker reaches a directory; bound as `$Connection` where the script declares it. */
export type DirectoryConnection = {
  /** The only servers that the phase may sign in to. */
  readonly servers: readonly string[];
  readonly port: number;
} & (
  | {
      /** A user name and a password, sent over TLS. */
      readonly signIn: 'simple';
      /** A folder that holds exactly the pinned CA certificate as PEM. */
      readonly caDirectory: string;
    }
  /** The ticket of the engine process; Kerberos signs and seals the connection. */
  | { readonly signIn: 'kerberos' }
);

export type PhaseScript = ScriptText;

export interface PhaseRun {
  readonly script: PhaseScript;
  /** Run once per session, in this order, before the first phase: they define functions. */
  readonly modules: readonly PhaseScript[];
  /** Bound by name; each value is rebuilt in the runspace from its canonical text. */
  readonly parameters: { readonly [name: string]: Value };
  readonly credential?: ResolvedCredential;
  readonly connection?: DirectoryConnection;
  /** Milliseconds until the phase is stopped, then killed. */
  readonly timeoutMs: number;
  readonly limits?: Partial<OutputLimits>;
}

export interface OutputLimits {
  /** Longest text of one record in UTF-16 units; the rest is cut and `truncated` set. Default 8,192. */
  readonly recordChars: number;
  /** Kept bytes of stream records per run; further ones are counted, not kept. Default 1 MiB. */
  readonly keptBytes: number;
  /** Bytes from the target after which the run is stopped with `output-limit`. Default 10 MiB. */
  readonly totalBytes: number;
  /** Bytes of the canonical output value. Default 1 MiB (RULES 1). */
  readonly outputBytes: number;
}

export type StreamName = 'error' | 'warning' | 'verbose' | 'debug' | 'information' | 'progress';

/** One record of a stream, sent while the phase runs. */
export interface StreamRecord {
  /** 1, 2, 3 … within the run. */
  readonly seq: number;
  readonly stream: StreamName;
  readonly text: string;
  readonly atUtc: string;
  readonly truncated: boolean;
  /** Error records only: fixed fields, never the live object. */
  readonly error?: ErrorFields;
  /** Progress records only: 0–100, or -1 where unknown. */
  readonly percent?: number;
}

export interface ErrorFields {
  readonly fullyQualifiedErrorId: string;
  readonly category: string;
  readonly message: string;
  readonly exceptionType: string;
  readonly hresult: number;
  readonly scriptStackTrace: string;
}

/** Why a session was refused when it opened, by the target or by our own side. */
export type RefusedSession =
  | 'host-key-changed'
  | 'sign-in-refused'
  | 'no-powershell'
  | 'credential-unavailable'
  | 'ssh-unusable'
  | 'constrained-language'
  | 'endpoint-restricted'
  | 'session-altered'
  | 'session-refused'
  | 'powershell-too-old'
  | 'text-before-powershell'
  | 'ssh-error'
  | 'certificate-not-trusted'
  | 'endpoint-denied'
  | 'endpoint-missing'
  | 'insecure-transport'
  | 'winrm-error'
  | 'kerberos-missing'
  | 'kerberos-refused'
  | 'kerberos-server-unknown'
  | 'kerberos-skew';

export type PhaseFailure =
  /** The script threw: `code` is its FullyQualifiedErrorId when that is a stable code, else `script-error`. */
  | { readonly kind: 'reported'; readonly code: string; readonly error: ErrorFields }
  /** Not reached before dispatch: nothing ran. The code says what it waits for, where that is known. */
  | { readonly kind: 'unreachable'; readonly code?: 'winrm-quota' | 'kdc-unreachable'; readonly detail: string }
  /** SSH, WinRM or PowerShell of the target refused the session before any phase, or no phase can use it: trying again does not help. */
  | {
      readonly kind: 'refused';
      readonly code: RefusedSession;
      readonly detail: string;
    }
  /** Lost after dispatch: what the phase did is not known. */
  | { readonly kind: 'link-lost'; readonly detail: string }
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  | { readonly kind: 'cancelled' }
  /** Too much output (`output-limit`) or a value outside RULES 1, with the path and type in `detail`. */
  | { readonly kind: 'malformed-output'; readonly detail: string }
  | { readonly kind: 'output-limit'; readonly detail: string }
  | { readonly kind: 'host-unavailable'; readonly detail: string };

export type PhaseResult =
  | { readonly ok: true; readonly output: readonly Value[]; readonly log: RunLog }
  | { readonly ok: false; readonly failure: PhaseFailure; readonly log: RunLog };

export interface RunLog {
  readonly durationMs: number;
  readonly records: number;
  readonly truncated: boolean;
}

export interface RemoteInfo {
  /** Target clock minus worker clock in milliseconds, measured when the session opened (half the round trip taken off). */
  readonly clockOffsetMs: number;
  readonly psVersion: string;
  readonly os: string;
  readonly languageMode: string;
}

/** One runspace. Phases run one at a time; closing it, or losing it, ends it for good. */
export interface Session {
  readonly remote: RemoteInfo;
  runPhase(run: PhaseRun, onRecord?: (record: StreamRecord) => void, signal?: AbortSignal): Promise<PhaseResult>;
  close(): Promise<void>;
}

export type OpenFailure = Extract<PhaseFailure, { kind: 'unreachable' | 'refused' | 'host-unavailable' | 'cancelled' }>;

export interface ScriptFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface ScriptToCheck {
  readonly file: string;
  readonly text: string;
  /** A phase name such as `detect`, or `module`. */
  readonly role: 'detect' | 'plan' | 'apply' | 'verify' | 'rollback' | 'module';
  /** Function names that the declared modules define: calling them is allowed. */
  readonly functions: readonly string[];
  /** True where the text may run on Windows PowerShell 5.1: syntax, types, members and parameters that it does not have are refused. */
  readonly mayRunOn51: boolean;
}

/** What the gate lets a script of one role call and name. */
export interface AllowedNames {
  readonly commands: readonly string[];
  readonly types: readonly string[];
}

/** One warm engine process per worker slot. A host that ends for any reason fails what runs in it and is replaced at the next call. */
export interface PowerShellHost {
  /** SHA-256 over the engine's own assemblies, recorded on every job. */
  engineDigest(): Promise<string>;
  open(
    place: Place,
    options?: { readonly connectTimeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<Result<Session, OpenFailure>>;
  /** The gate: PowerShell's own parser against closed allow-lists. */
  checkScripts(scripts: readonly ScriptToCheck[]): Promise<
    readonly {
      readonly file: string;
      readonly findings: readonly ScriptFinding[];
      readonly functions: readonly string[];
      /** Commands of the gate's lists that the script calls, each once, by name. */
      readonly commands: readonly ListedCommand[];
      /** Texts that the script throws as they are, by line. */
      readonly thrown: readonly { readonly line: number; readonly text: string }[];
    }[]
  >;
  /** The gate's own lists, by the role of a script. */
  gateLists(): Promise<Readonly<Record<ScriptToCheck['role'], AllowedNames>>>;
  /** What the engine itself calls in a session on a target, beside the phases. */
  sessionCommands(): Promise<readonly ListedCommand[]>;
  /** Process id of the engine while it is up, for supervision and tests. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}
