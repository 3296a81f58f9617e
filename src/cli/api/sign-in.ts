import { join } from 'node:path';
import { apiAddress } from '../../platform/home-address.js';
import { homeDirectory } from '../../platform/install-root.js';
import { readOwnFileSync } from '../../platform/read-own-file.js';
import { createClient, type Client } from './client.js';
import { Refusal } from './refusal.js';

/** The API of this home or of FIXPOINT_URL, with FIXPOINT_TOKEN or as one of the demo people. @throws Refusal when there is no token or the address is none. */
export function clientFromEnvironment(as?: string): Client {
  const given = apiAddress();
  const url = given.replace(/\/+$/, '');
  checkAddress(given, url);
  const token = as === undefined ? process.env.FIXPOINT_TOKEN : demoToken(as);
  if (token === undefined || token === '') {
    throw new Refusal({
      code: 'not-signed-in',
      title: 'No token.',
      detail:
        'Set FIXPOINT_TOKEN to a token (`fixpoint token issue <person>` on the server), or name a demo person with --as.',
    });
  }
  // Such a header would not be sent at all. The token itself is not repeated: it may be a password.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Refusal({
      code: 'not-signed-in',
      title: 'FIXPOINT_TOKEN is not a token: it has blanks, line breaks or other characters that no token has.',
      detail: 'A token is one word that begins with fxp_. `fixpoint token issue <person>` on the server issues one.',
    });
  return createClient({ url, token });
}

/** @throws Refusal; a password in the address is not repeated */
function checkAddress(given: string, url: string): void {
  const invalid = (title: string) =>
    new Refusal({
      code: 'address-invalid',
      title,
      detail: 'Set FIXPOINT_URL to an address such as http://127.0.0.1:8400.',
    });
  const shown = given.replace(/[^/]*@/, '…@');
  if (!/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url)) throw invalid(`${shown} is not the address of an API.`);
  const { username, password, search, hash } = new URL(url);
  if (username !== '' || password !== '')
    throw invalid(`${shown} has a user name or a password in it. Fixpoint signs in with FIXPOINT_TOKEN alone.`);
  if (search !== '' || hash !== '')
    throw invalid(`${shown} has a part behind ? or #, which the address of an API has not.`);
}

function demoToken(as: string): string {
  const path = join(homeDirectory(), 'demo.json');
  const missing = (detail: string) =>
    new Refusal({ code: 'not-signed-in', title: `There is no demo person ${as}.`, detail });
  let people: Readonly<Record<string, { readonly token: string }>>;
  try {
    people = JSON.parse(readOwnFileSync(path)) as typeof people;
  } catch {
    throw missing(`${path} is not there: the demo people exist while npm run demo is up.`);
  }
  const person = Object.hasOwn(people, as) ? people[as] : undefined;
  if (!person) throw missing(`They are: ${Object.keys(people).join(', ')}.`);
  return person.token;
}
