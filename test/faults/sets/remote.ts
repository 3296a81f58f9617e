import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anEndpoint } from '../../support/hosts.js';
import { submit, seeThrough, newName } from '../drive/jobs.js';
import { populate } from '../drive/populate.js';
import { sleep } from '../rig/folders.js';
import { signalIfThere } from '../rig/signal.js';
import { createPatience } from '../../support/patience.js';
import { play, type FaultSet } from './common.js';

/** Over SSH to an endpoint of the laboratory: workers, engines and the connections themselves are killed. */
export const ssh: FaultSet = async (options) => {
  const endpoint = await anEndpoint();
  try {
    return await play(options, {
      set: 'ssh',
      executor: 'engine',
      rig: { workers: 2 },
      async work({ rig, world, nemesis }) {
        const entry = (use: string) => ({
          reference: `secret://file${endpoint.identityFile}`,
          use: [use],
          targets: ['far'],
          tiers: [2],
        });
        const credentials = { credentials: { reader: entry('detect'), writer: entry('apply') } };
        writeFileSync(join(rig.home, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
        const { sshd } = endpoint;
        const added = await world.client.insist('admin', 'POST', '/v1/targets', {
          name: 'far',
          kind: 'server',
          transport: { type: 'ssh', host: sshd.host, port: sshd.port, user: sshd.user, hostKey: sshd.hostKey },
          credentials: { detect: 'reader', apply: 'writer' },
          tier: 2,
          site: 'test',
          tags: [],
        });
        if (added.status !== 201) return [`the endpoint was not accepted: ${JSON.stringify(added.body)}`];
        const far = (action: 'set' | 'send') => async () => {
          const objects = [newName(world, 'x'), newName(world, 'x')];
          const id = await submit(world, { action, objects, target: 'far', holdMs: nemesis.pick([0, 200, 600]) });
          if (id) await seeThrough(world, id);
        };
        const people = populate(world, 5, undefined, { set: far('set'), send: far('send') });
        const patience = createPatience('nothing is up to be killed');
        while (rig.kills.length < (options.rounds ?? 8)) {
          patience.check(rig.kills.length);
          await sleep(700 + nemesis.below(900));
          const what = ['worker', 'host', 'connection'][rig.kills.length % 3] ?? 'worker';
          const keeper = nemesis.pick(rig.of('worker'));
          const victims =
            what === 'connection' ? childrenOf(sshd.pid) : what === 'host' ? keeper.engines() : [keeper.pid()];
          const victim = nemesis.pick(victims);
          if (victim === undefined || !keeper.isReady()) continue;
          rig.note(`kill ${what}`);
          if (!signalIfThere(victim, 'SIGKILL')) rig.kills.pop();
        }
        await people.stop();
        return people.failures;
      },
    });
  } finally {
    await endpoint.stop();
  }
};

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
