import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endMasters } from './raw.js';
import type { Way } from './way.js';

const SHELL = {
  detect: () => 'cat "$BENCH_FILE"',
  apply: (text: string) => `[ "$(cat "$BENCH_FILE")" = ${text} ] || printf %s ${text} > "$BENCH_FILE"`,
};
const POWERSHELL = (pwsh: string) => {
  const run = (script: string) => `${pwsh} -NoProfile -NonInteractive -Command '${script}'`;
  return {
    detect: () => run('[IO.File]::ReadAllText($env:BENCH_FILE)'),
    apply: (text: string) =>
      run(
        `if ([IO.File]::ReadAllText($env:BENCH_FILE) -cne "${text}") { [IO.File]::WriteAllText($env:BENCH_FILE, "${text}") }`,
      ),
  };
};

/** `ansible-playbook` with three `raw` tasks, pipelining and kept connections. It has to be on the path. */
function ansible(what: 'sh' | 'pwsh', atOnce: number): Way {
  return {
    name: `ansible-core, three raw tasks in ${what}`,
    atOnce,
    contacts: ['first', 'later'],
    start(targets, forks, controller) {
      const folder = join(targets.directory, `ansible-${what}`);
      const masters = join(folder, 'cp');
      mkdirSync(masters, { recursive: true, mode: 0o700 });
      const commands = what === 'sh' ? SHELL : POWERSHELL(targets.pwsh);
      const write = (name: string, content: unknown) => {
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
        return join(folder, name);
      };
      const config = write(
        'ansible.cfg',
        [
          '[defaults]',
          `forks = ${forks}`,
          'gathering = explicit',
          'host_key_checking = True',
          'stdout_callback = minimal',
          'retry_files_enabled = False',
          '[ssh_connection]',
          'pipelining = True',
          'usetty = False',
          `control_path_dir = ${masters}`,
          'control_path = %(directory)s/m-%%h',
          `ssh_args = -C -o ControlMaster=auto -o ControlPersist=600s -o UserKnownHostsFile=${targets.knownHosts} -o IdentitiesOnly=yes`,
          '',
        ].join('\n'),
      );
      const play = (name: string, which: readonly { name: string; host: string; port: number; user: string }[]) =>
        write(name, {
          all: {
            hosts: Object.fromEntries(
              which.map(({ name: host, host: address, port, user }) => [
                host,
                {
                  ...{ ansible_host: address, ansible_port: port, ansible_user: user },
                  ansible_ssh_private_key_file: targets.identityFile,
                },
              ]),
            ),
          },
        });
      return Promise.resolve({
        async round(which, text, contact, measured) {
          if (contact === 'first') endMasters(masters);
          const inventory = play('inventory.json', which);
          const tasks = [commands.detect(), commands.apply(text), commands.detect()].map((raw) => ({ raw }));
          const playbook = write('play.json', [{ hosts: 'all', gather_facts: false, strategy: 'free', tasks }]);
          const output = openSync(join(folder, 'output'), 'w');
          await measured(async () => {
            // By way of a shell that waits, so that all of it is on the account from its start.
            const child = spawn('sh', ['-c', 'read x; exec ansible-playbook -i "$0" "$1"', inventory, playbook], {
              stdio: ['pipe', output, 'inherit'],
              env: { ...process.env, ANSIBLE_CONFIG: config, LC_ALL: 'C.UTF-8' },
            });
            controller.enter(child.pid);
            child.stdin?.end('\n');
            const [code] = (await once(child, 'exit')) as [number | null];
            if (code !== 0) throw new Error(`ansible-playbook: ${readFileSync(join(folder, 'output'), 'utf8')}`);
          });
          closeSync(output);
        },
        stop() {
          endMasters(masters);
          return Promise.resolve();
        },
      });
    },
  };
}

export const ANSIBLE_WAYS: readonly Way[] = [ansible('sh', 8), ansible('pwsh', 4)];
