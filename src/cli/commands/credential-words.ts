import type { CredentialEntry } from '../../installation/credentials.js';
import { visible } from '../print.js';

/** The file that a reference names; undefined for a variable. */
export const pathOf = ({ reference }: CredentialEntry): string | undefined =>
  /^secret:\/\/file(\/.+)$/.exec(reference)?.[1];

/** The lines that say with which machines a credential may be used; for an SSH key only where it names some. */
export function endsOfEntry({ hosts, authorities, userName, principal }: CredentialEntry): readonly string[] {
  const isNamed = userName !== undefined || principal !== undefined;
  return [
    ...(hosts === undefined ? [] : [`Hosts: ${hosts.map(visible).join(', ')}.`]),
    ...(authorities === undefined ? [] : [`Authorities and host keys: ${authorities.join(', ')}.`]),
    ...(isNamed && hosts === undefined
      ? [
          'Note: it names no hosts, and production refuses it. Name them with --host, or in development run `fixpoint credential allow` once the target is in the inventory.',
        ]
      : []),
  ];
}
