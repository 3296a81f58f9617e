import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync, chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** What a unit of systemd says about how its process is started. */
export interface Unit {
  readonly name: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Name and source of each credential. */
  readonly credentials: readonly (readonly [name: string, source: string])[];
}

/** Reads a unit. `name` may have an instance: `fixpoint-worker@default`. */
export function readUnit(name: string, inRoot: (text: string) => string): Unit {
  const [file = '', instance = ''] = name.split(/(?<=@)/);
  const text = inRoot(readFileSync(join(INSTALL_ROOT, 'deploy/systemd', `${file}.service`), 'utf8')).replaceAll(
    '%i',
    instance,
  );
  const all = (key: string) => [...text.matchAll(new RegExp(`^${key}=(.+)$`, 'gm'))].map(([, value = '']) => value);
  const pair = (line: string) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const;
  const files = all('EnvironmentFile').flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => /^\w+=/.test(line)),
  );
  return {
    name,
    user: all('User')[0] ?? '',
    command: (all('ExecStart')[0] ?? '').split(' '),
    // As in systemd, files count more than the lines of the unit.
    environment: Object.fromEntries([...all('Environment'), ...files].map(pair)),
    credentials: all('LoadCredential').map((line) => line.split(':') as [string, string]),
  };
}

export interface Changes {
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Contents in place of those of a credential. */
  readonly credentials?: Readonly<Record<string, string>>;
}

export interface Started {
  readonly name: string;
  readonly child: ChildProcess;
  output(): string;
  /** The exit code once it has ended. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the process of a unit as systemd does: as its user and no other group, with its environment alone, and with its credentials in
 * a folder for that user. With the umask 000, so that nothing depends on that of the unit.
 * @param run folder in which the folders of credentials go
 */
export function startUnit(unit: Unit, run: string, changes: Changes = {}): Started {
  const { user = unit.user } = changes;
  const folder = join(run, `${unit.name}-${(started += 1)}`);
  const [, , uid = '', gid = '', , home = ''] = execFileSync('getent', ['passwd', user], { encoding: 'utf8' })
    .trim()
    .split(':');
  const give = (path: string, mode: number) => {
    chmodSync(path, mode);
    chownSync(path, Number(uid), Number(gid));
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of unit.credentials) {
    const path = join(folder, name);
    writeFileSync(path, changes.credentials?.[name] ?? readFileSync(source));
    give(path, 0o400);
  }
  give(folder, 0o500);
  const said = Object.entries({ ...unit.environment, ...changes.environment }).map(([name, value]) => [
    name,
    value.replaceAll('%d', folder),
  ]);
  const [, ...words] = unit.command;
  const child = spawn(
    'bash',
    [
      '-c',
      'umask 000; exec setpriv --reuid "$1" --regid "$1" --init-groups --no-new-privs -- "${@:2}"',
      'bash',
      user,
      process.execPath,
      ...words,
    ],
    {
      cwd: '/',
      env: {
        ...{ PATH: process.env.PATH, HOME: home, USER: user, CREDENTIALS_DIRECTORY: folder },
        ...(Object.fromEntries(said) as Record<string, string>),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  return { name: unit.name, child, output: () => text, ended: new Promise((resolve) => child.once('close', resolve)) };
}

let started = 0;
