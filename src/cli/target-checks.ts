import { CODES, type Code } from '../domain/codes/index.js';
import type { Client } from './api/client.js';
import { Refusal } from './api/refusal.js';

const refused = (code: Code, title: string, detail: string): Refusal => new Refusal({ code, title, detail });

/** Refuses who may not change the inventory before they compare a host key or answer a question for nothing. @throws Refusal */
export async function needEditor(client: Client): Promise<void> {
  const { may } = await client.get('/v1/me');
  if (!may.includes('edit-targets'))
    throw refused('not-allowed', CODES['not-allowed'].en, CODES['not-allowed'].next.en);
}

/** @throws Refusal where the inventory has a target of this name already */
export async function needNewName(client: Client, name: string): Promise<void> {
  const known = await client.get('/v1/targets/{id}', { path: { id: name } }).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'target-not-found') return undefined;
    throw error;
  });
  if (known)
    throw refused(
      'name-taken',
      `The inventory has a target ${name} already.`,
      `Change it: fixpoint target edit ${name}`,
    );
}

/**
 * Says on stderr which of these credentials the file of this machine lacks. Where there is no such file this is not the server, and
 * nothing can be said.
 */
export async function noteUnknownCredentials(target: {
  readonly name: string;
  readonly credentials: { readonly detect: string; readonly apply: string };
  readonly transport: { readonly type: string };
}): Promise<void> {
  if (target.transport.type === 'local') return;
  const { credentialsPath, credentialsThere } = await import('../installation/credentials.js');
  const known = await credentialsThere();
  if (!known) return;
  const { detect, apply } = target.credentials;
  for (const name of new Set([detect, apply])) {
    const entry = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!entry)
      console.error(
        `Note: ${credentialsPath()} has no credential ${name}. Add it: fixpoint credential add ${name} --target ${target.name} …`,
      );
    else if (!entry.targets.includes(target.name))
      console.error(
        `Note: ${name} may not be used on ${target.name} yet. Allow it: fixpoint credential allow ${name} ${target.name}`,
      );
  }
}
