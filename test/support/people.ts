import { chmodSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { composeApi } from '../../src/processes/compose.js';
import { tokenEvent } from '../../src/installation/tokens.js';
import type { Role } from '../../src/domain/people.js';

export const PEOPLE = {
  helpdesk: ['helpdesk'],
  helpdesk2: ['helpdesk'],
  approver: ['approver'],
  approver2: ['approver'],
  both: ['helpdesk', 'approver'],
  operator: ['operator'],
  auditor: ['auditor'],
  admin: ['admin'],
  admin2: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Who = keyof typeof PEOPLE;

export function newInstallation(home: string, credentials: unknown = { credentials: {} }): void {
  const people = Object.entries(PEOPLE).map(([id, roles]) => ({ id, name: `The ${id}`, roles }));
  writeFileSync(join(home, 'people.json'), JSON.stringify({ people }));
  writeFileSync(join(home, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
  chmodSync(home, 0o755);
}

export async function issueTokens({ context }: ReturnType<typeof composeApi>): Promise<Record<Who, string>> {
  const issued = {} as Record<Who, string>;
  for (const person of Object.keys(PEOPLE) as Who[]) {
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const now = new Date();
    const token = {
      id,
      person,
      kind: 'personal',
      secretSha256: createHash('sha256').update(secret).digest('hex'),
      createdAt: now,
      expiresAt: new Date(now.getTime() + 3_600_000),
    } as const;
    await context.tokens.create(token, tokenEvent('token.issued', token));
    issued[person] = `fxp_${id}_${secret}`;
  }
  return issued;
}
