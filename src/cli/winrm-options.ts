import { X509Certificate } from 'node:crypto';
import { Option, type Command } from 'commander';
import { sha256 } from '../domain/digest.js';
import { WINRM_AUTHS } from '../domain/target.js';
import type { Target } from './api/types.js';
import { hostAndPort } from './host-and-port.js';
import { readText, usage } from './terminal.js';

/** What `target add` and `target edit` take for a machine that is reached over WinRM. */
export interface WinRmOptions {
  readonly winrm?: string;
  readonly auth?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly http?: boolean;
  readonly spn?: string;
  readonly configuration?: string;
}

type WinRm = Extract<Target['transport'], { type: 'winrm' }>;

/** The ports that Windows has: HTTP, and with TLS. */
const PORTS = { http: 5985, tls: 5986 } as const;

export function addWinRmOptions(command: Command): Command {
  return command
    .option('--winrm <host[:port]>', 'reach it over WinRM, by its full DNS name')
    .addOption(
      new Option('--auth <way>', 'how to sign in over WinRM; default kerberos. basic and certificate need TLS').choices(
        WINRM_AUTHS,
      ),
    )
    .option(
      '--certificate <file>',
      'certificate (PEM) of the machine itself for WinRM over TLS, pinned instead of --ca',
    )
    .option('--http', 'WinRM without TLS from now on; the sign-in encrypts every message')
    .option('--spn <service/host>', 'the service that the machine proves to be over WinRM; default host/<its name>')
    .option('--configuration <name>', 'its session configuration over WinRM, in full language mode');
}

/** Whether one of these options says something of WinRM; `--ca` does so only for a target that is reached so. */
export const namesWinRm = ({ winrm, auth, certificate, http, spn, configuration }: WinRmOptions): boolean =>
  [winrm, auth, certificate, http, spn, configuration].some((one) => one !== undefined);

/** The transport that these options name; what none names stays as it was. */
export function winRmTransport(options: WinRmOptions, known: WinRm | undefined): unknown {
  const { winrm, auth = known?.auth ?? 'kerberos' } = options;
  const tls = tlsOf(options, known);
  const port = tls === undefined ? PORTS.http : PORTS.tls;
  const wasDefault = known !== undefined && known.port === (known.tls ? PORTS.tls : PORTS.http);
  const at =
    winrm === undefined
      ? known && { host: known.host, port: wasDefault ? port : known.port }
      : hostAndPort(winrm, port);
  if (at === undefined) throw usage('Name the machine: --winrm host, with its full DNS name.');
  const { spn = known?.spn, configuration: configurationName = known?.configurationName } = options;
  return {
    ...{ type: 'winrm', ...at, auth },
    ...(tls === undefined ? {} : { tls }),
    ...(spn === undefined ? {} : { spn }),
    ...(configurationName === undefined ? {} : { configurationName }),
  };
}

function tlsOf({ ca, certificate, http }: WinRmOptions, known: WinRm | undefined): WinRm['tls'] {
  if ([ca, certificate, http].filter((one) => one !== undefined).length > 1)
    throw usage('Choose one of --ca, --certificate and --http.');
  if (ca !== undefined) return { pinned: 'authority', fingerprint: certificateFingerprint(ca) };
  if (certificate !== undefined) return { pinned: 'certificate', fingerprint: certificateFingerprint(certificate) };
  return http === true ? undefined : known?.tls;
}

/** SHA-256 of the certificate's DER, lower-case hex. */
export function certificateFingerprint(path: string): string {
  const pem = readText(path);
  try {
    return sha256(new X509Certificate(pem).raw);
  } catch {
    throw usage(`${path} is not a certificate in PEM form.`);
  }
}
