import { bracketedHost } from '../platform/address.js';
import { fingerprintOf } from '../platform/host-key.js';
import type { Target } from './api/types.js';
import { visible } from './print.js';

/** Where a target is reached, as a person writes it. */
export function addressOf(transport: Target['transport']): string {
  if (transport.type === 'local') return 'this computer';
  if (transport.type === 'ldaps' || transport.type === 'ldap')
    return `${transport.type} ${transport.servers.map(bracketedHost).join(',')}:${transport.port}`;
  if (transport.type === 'winrm') {
    const { host, port, tls } = transport;
    return `winrm${tls ? ' tls' : ''} ${bracketedHost(host)}${port === (tls ? 5986 : 5985) ? '' : `:${port}`}`;
  }
  return `ssh ${transport.user}@${bracketedHost(transport.host)}${transport.port === 22 ? '' : `:${transport.port}`}`;
}

/** A target as `target show` prints it. */
export function targetLines({ id, name, kind, transport, credentials, tier, site, tags, settings }: Target): string {
  const { detect, apply } = credentials;
  return [
    `Target ${name}`,
    `  id          ${id}`,
    `  kind        ${kind}, tier ${tier}`,
    `  site        ${site}${tags.length === 0 ? '' : `, tags ${tags.join(', ')}`}`,
    `  address     ${addressOf(transport)}`,
    ...(transport.type === 'ssh'
      ? [`  host key    ${transport.hostKey.split(' ')[0] ?? ''} ${fingerprintOf(transport.hostKey)}`]
      : []),
    ...(transport.type === 'winrm' ? winRmLines(transport) : []),
    ...(transport.type === 'ldaps' ? [`  authority   ${transport.caFingerprint}`] : []),
    `  credential  ${detect === apply ? detect : `${detect} to read, ${apply} to change`}`,
    ...Object.entries(settings).map(
      ([name, value]) => `  ${name.padEnd(11)} ${visible(Array.isArray(value) ? value.join(', ') : String(value))}`,
    ),
  ].join('\n');
}

function winRmLines({
  auth,
  tls,
  spn,
  configurationName,
}: Extract<Target['transport'], { type: 'winrm' }>): readonly string[] {
  return [
    `  sign-in     ${auth}`,
    ...(tls ? [`  ${tls.pinned.padEnd(11)} ${tls.fingerprint}`] : []),
    ...(spn === undefined ? [] : [`  service     ${spn}`]),
    ...(configurationName === undefined ? [] : [`  session configuration ${configurationName}`]),
  ];
}
