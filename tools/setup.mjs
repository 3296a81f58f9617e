// What a fresh clone needs, in plain JavaScript: it runs before anything is installed. Says what it does and how much, first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..');

function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: CHECKOUT,
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
  return error ? 127 : (status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function has(program, args = ['--version']) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Node packages, the engine, and (for the laboratory) Debian packages. Ends the process with what to do when it cannot. */
export function setUp({ laboratory }) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Fixpoint needs Node 20.19 or later (24 is recommended); this is ${process.versions.node}.`);
  if (!existsSync(join(CHECKOUT, 'node_modules', '.package-lock.json'))) {
    console.log('Installing the Node packages (about 300 MB on disk, half a minute) …');
    if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) fail('npm ci failed.');
  }
  if (laboratory) installDebianPackages();
  if (run('bash', ['engine/build.sh']) !== 0) fail('The engine could not be built.');
}

function installDebianPackages() {
  const wanted = readFileSync(join(CHECKOUT, 'tools', 'debian-packages.txt'), 'utf8')
    .split('\n')
    .filter(Boolean);
  const missing = wanted.filter(
    (name) => spawnSync('dpkg-query', ['-W', '-f=${Status}', name]).stdout?.toString() !== 'install ok installed',
  );
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (!has('apt-get'))
    fail(`The laboratory needs these programs (Debian's names): ${list}. Install them and start again.`);
  const prefix = process.getuid() === 0 ? [] : has('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined;
  if (!prefix)
    fail(`The laboratory needs Debian packages. As root: apt-get install -y --no-install-recommends ${list}`);
  console.log(
    `Installing ${missing.length} Debian packages for the laboratory (about 150 MB to download, 900 MB on disk): ${list}`,
  );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    run([...prefix, 'apt-get'][0], [...prefix, 'apt-get', '-qq', ...args].slice(1), {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  apt('update');
  // The services of the packages are not wanted: the laboratory starts its own on loopback.
  if (apt('install', '-y', '--no-install-recommends', ...missing) !== 0) fail('apt-get failed; what it said is above.');
}
