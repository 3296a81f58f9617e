import { hostname, userInfo } from 'node:os';

/** The account that runs this process, as a person reads it. A container may run as a number that has no name. */
export function accountOfProcess(): string {
  const uid = process.getuid?.() ?? 0;
  let name: string;
  try {
    name = userInfo().username;
  } catch {
    name = 'user';
  }
  return `${name} (${uid}) on ${hostname()}`;
}
