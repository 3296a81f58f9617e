import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCuttingProxy } from '../../support/cutting-proxy.js';
import { anEndpoint } from '../../support/hosts.js';
import { ACCOUNT, aWinRm } from '../../support/winrm.js';
import { submit, seeThrough, newName } from '../drive/jobs.js';
import { populate } from '../drive/populate.js';
import { sleep, type Dice } from '../rig/folders.js';
import { signalIfThere } from '../rig/signal.js';
import { createPatience } from '../../support/patience.js';
import { play, type FaultSet, type Stage } from './common.js';

/** A machine that the workers reach over a network. */
interface Machine {
  readonly transport: object;
  /** What both credentials have besides their scope. */
  readonly secret: object;
  /** Ends connections that are in use. @returns whether there was one */
  cut(nemesis: Dice): boolean;
  stop(): Promise<void>;
}

/** Over a network: workers, engines and the connections themselves are killed. */
function remote(set: string, kills: number, start: () => Promise<Machine>): FaultSet {
  return async (options) => {
    const machine = await start();
    try {
      return await play(options, {
        set,
        executor: 'engine',
        rig: { workers: 2 },
        work: (stage) => work(stage, machine, options.rounds ?? kills),
      });
    } finally {
      await machine.stop();
    }
  };
}

async function work({ rig, world, nemesis }: Stage, machine: Machine, kills: number): Promise<readonly string[]> {
  const entry = (use: string) => ({ ...machine.secret, use: [use], targets: ['far'], tiers: [2] });
  const credentials = { credentials: { reader: entry('detect'), writer: entry('apply') } };
  writeFileSync(join(rig.home, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
  const added = await world.client.insist('admin', 'POST', '/v1/targets', {
    ...{ name: 'far', kind: 'server', transport: machine.transport },
    credentials: { detect: 'reader', apply: 'writer' },
    ...{ tier: 2, site: 'test', tags: [] },
  });
  if (added.status !== 201) return [`the machine was not accepted: ${JSON.stringify(added.body)}`];
  const far = (action: 'set' | 'send') => async () => {
    const objects = [newName(world, 'x'), newName(world, 'x')];
    const id = await submit(world, { action, objects, target: 'far', holdMs: nemesis.pick([0, 200, 600]) });
    if (id) await seeThrough(world, id);
  };
  const people = populate(world, 5, undefined, { set: far('set'), send: far('send') });
  const patience = createPatience('nothing is up to be killed');
  while (rig.kills.length < kills) {
    patience.check(rig.kills.length);
    await sleep(700 + nemesis.below(900));
    const what = ['worker', 'host', 'connection'][rig.kills.length % 3] ?? 'worker';
    const keeper = nemesis.pick(rig.of('worker'));
    if (!keeper.isReady()) continue;
    rig.note(`kill ${what}`);
    const victim = what === 'host' ? nemesis.pick(keeper.engines()) : keeper.pid();
    const done =
      what === 'connection' ? machine.cut(nemesis) : victim !== undefined && signalIfThere(victim, 'SIGKILL');
    if (!done) rig.kills.pop();
  }
  await people.stop();
  return people.failures;
}

/** An endpoint of the laboratory behind a real OpenSSH server. */
export const ssh = remote('ssh', 8, async () => {
  const { sshd, identityFile, stop } = await anEndpoint();
  const { host, port, user, hostKey } = sshd;
  return {
    transport: { type: 'ssh', host, port, user, hostKey },
    secret: { reference: `secret://file${identityFile}` },
    cut(nemesis) {
      const victim = nemesis.pick(childrenOf(sshd.pid));
      return victim !== undefined && signalIfThere(victim, 'SIGKILL');
    },
    stop,
  };
});

/** The **double** of WinRM (lab/winrm) with NTLM over HTTP, behind a proxy that resets its connections; the PowerShell behind it is real. */
export const winrm = remote('winrm', 21, async () => {
  const endpoint = await aWinRm();
  const { double, directory } = endpoint;
  const proxy = await startCuttingProxy(double.address, double.httpPort);
  const password = join(directory, 'password');
  writeFileSync(password, ACCOUNT.password, { mode: 0o600 });
  return {
    transport: {
      ...{ type: 'winrm', host: '127.0.0.1', port: proxy.port, auth: 'ntlm', configurationName: 'PowerShell.7' },
    },
    secret: {
      ...{ reference: `secret://file${password}`, userName: `${ACCOUNT.domain}\\${ACCOUNT.user}`, ntlm: true },
    },
    cut: () => proxy.cut() > 0,
    async stop() {
      await proxy.close();
      await endpoint.stop();
    },
  };
});

/** The server's process of each connection. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
}
