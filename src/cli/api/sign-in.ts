import { join } from 'node:path';
import { apiAddress } from '../../platform/home-address.js';
import { homeDirectory } from '../../platform/install-root.js';
import { readTextFileNow } from '../../platform/text-file.js';
import { createClient, type Client } from './client.js';
import { Refusal } from './refusal.js';

/** The API of this home or of FIXPOINT_URL, with FIXPOINT_TOKEN or as one of the demo people. @throws Refusal when there is no token or the address is none. */
export function clientFromEnvironment(as?: string): Client {
  const given = apiAddress();
  const url = given.replace(/\/+$/, '');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new Refusal({
      code: 'address-invalid',
      title: `${given} is not the address of an API.`,
      detail: 'Set FIXPOINT_URL to an address such as http://127.0.0.1:8400.',
    });
  const token = as === undefined ? process.env.FIXPOINT_TOKEN : demoToken(as);
  if (token === undefined) {
    throw new Refusal({
      code: 'not-signed-in',
      title: 'No token.',
      detail: 'Set FIXPOINT_TOKEN, or name a demo person with --as, such as --as helpdesk.',
    });
  }
  return createClient({ url, token });
}

function demoToken(as: string): string {
  const path = join(homeDirectory(), 'demo.json');
  const missing = (detail: string) =>
    new Refusal({ code: 'not-signed-in', title: `There is no demo person ${as}.`, detail });
  let people: Readonly<Record<string, { readonly token: string }>>;
  try {
    people = JSON.parse(readTextFileNow(path)) as typeof people;
  } catch {
    throw missing(`${path} is not there: the demo people exist while npm run demo is up.`);
  }
  const person = Object.hasOwn(people, as) ? people[as] : undefined;
  if (!person) throw missing(`They are: ${Object.keys(people).join(', ')}.`);
  return person.token;
}
