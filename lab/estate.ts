import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Estate {
  readonly domain: {
    readonly name: string;
    readonly realm: string;
    readonly netbios: string;
    readonly host: string;
    readonly verifiedDomains: readonly string[];
    readonly topology: string;
    readonly accounts: { readonly reader: string; readonly writer: string; readonly sync: string };
  };
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly ou: string;
    readonly note: string;
    readonly title?: string;
    readonly sip?: string;
  }[];
  readonly pcs: readonly {
    readonly name: string;
    readonly user: string;
    /** By SSH where it is absent. WinRM needs the domain. */
    readonly reach?: 'winrm';
    /** Names of the entries of the user's vault. */
    readonly vault: readonly string[];
    /** The user's personal certificates; valid for a year from now. */
    readonly certificates?: readonly { readonly issuer: string; readonly subject: string; readonly daysOld: number }[];
    /** The machine's GUID as the registry has it. */
    readonly machineGuid?: string;
    /** Names of the files in the user's RSA key folder, a month old. */
    readonly keyFiles?: readonly string[];
  }[];
  readonly linux: readonly { readonly name: string }[];
  readonly syncHost: { readonly name: string };
}

/** The one file that names the seeded people and machines. */
export const ESTATE_FILE = fileURLToPath(new URL('./estate.json', import.meta.url));

export async function readEstate(): Promise<Estate> {
  return JSON.parse(await readFile(ESTATE_FILE, 'utf8')) as Estate;
}
