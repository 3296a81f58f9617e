import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { sleep } from './folders.js';
import { signalIfThere } from './signal.js';

/** Every namespace of ours begins with this; the process that made it is the next part of the name. */
const PREFIX = 'fixpoint-faults-';

/** Processes in network namespaces of their own; one cable each to a switch, and one from the switch to this machine. */
export interface Network {
  /** Where the members reach this machine: the address exists only on the cable. */
  readonly address: string;
  /** Of the members and of `address`. */
  readonly subnet: string;
  /** The words before a program that is to run inside. Only `address` and a loopback of its own are reached from there. */
  inside(member: string): readonly string[];
  /** Pulls the cables of these members for so long: packets vanish, nobody is told. Cuts of one member that overlap last until the last one ends. */
  cut(members: readonly string[], ms: number): Promise<void>;
  /** What still runs inside keeps its namespace until it ends, without a cable. */
  close(): void;
}

/** Which process made a namespace: its id may be another's by now, its id and start time may not. */
export function ownerOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return `${pid}-${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}

/** Why no network can be made here, if so: not root, no `ip`, a container without the right. */
export function whyNoNetwork(): string | undefined {
  try {
    makeNetwork([]).close();
    return undefined;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
    if (code === 'ENOENT') return 'there is no program ip (package iproute2)';
    const said = stderr?.toString('utf8').trim().split('\n')[0];
    return said === undefined || said === '' ? (error as Error).message : said;
  }
}

/** @throws where namespaces cannot be made; nothing is left behind then. */
export function makeNetwork(members: readonly string[], owner = ownerOf(process.pid)): Network {
  const id = randomBytes(3).toString('hex');
  const name = (part: string) => `${PREFIX}${owner}-${id}-${part}`;
  const hub = name('switch');
  const net = freeNet();
  const cable = (index: number) => `member${index}`;
  const made: string[] = [];
  const add = (namespace: string) => {
    ip('netns', 'add', namespace);
    made.push(namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  };
  // The switch takes the cables with it.
  const close = () => made.splice(0).forEach((namespace) => ip('netns', 'delete', namespace));
  try {
    add(hub);
    ip('-n', hub, 'link', 'add', 'hub', 'type', 'bridge');
    ip('-n', hub, 'link', 'set', 'hub', 'up');
    const near = { device: `fxf${id}`, address: `${net}.1`, mac: macOf(1) };
    plug(hub, 'machine', [], near);
    members.forEach((member, index) => {
      const inside = ['-n', name(member)];
      const far = { device: 'cable', address: `${net}.${index + 2}`, mac: macOf(index + 2) };
      add(name(member));
      plug(hub, cable(index), inside, far);
      // Known for good: a side that asked in vain who has the address would be told at once that there is no way.
      for (const [from, to] of [
        [[], far],
        [inside, near],
      ] as const) {
        const device = from.length === 0 ? near.device : far.device;
        ip(...from, 'neigh', 'replace', to.address, 'lladdr', to.mac, 'dev', device, 'nud', 'permanent');
      }
    });
  } catch (error) {
    close();
    throw error;
  }
  const cuts = new Map<string, number>();
  const pull = (member: string, by: 1 | -1) => {
    const now = (cuts.get(member) ?? 0) + by;
    cuts.set(member, now);
    if (made.length === 0 || (by === 1 && now > 1) || (by === -1 && now > 0)) return;
    // At the switch, not inside: an end that is down itself would have no way any more, and say so to its programs.
    ip('-n', hub, 'link', 'set', cable(members.indexOf(member)), by === 1 ? 'down' : 'up');
  };
  return {
    address: `${net}.1`,
    subnet: `${net}.0/24`,
    inside: (member) => ['ip', 'netns', 'exec', name(member)],
    async cut(whom, ms) {
      for (const member of whom) pull(member, 1);
      await sleep(ms);
      for (const member of whom) pull(member, -1);
    },
    close,
  };
}

/** Removes the namespaces of runs that were killed, with what still runs inside. Returns their names. */
export function removeLeftoverNetworks(): readonly string[] {
  return namespaces().filter((namespace) => {
    const [, pid, started] = /^fixpoint-faults-(\d+)-(\d+)-/.exec(namespace) ?? [];
    if (pid === undefined || isLiving(Number(pid), `${pid}-${started}`)) return false;
    for (const inside of ip('netns', 'pids', namespace).split('\n').filter(Boolean))
      signalIfThere(Number(inside), 'SIGKILL');
    ip('netns', 'delete', namespace);
    return true;
  });
}

/** Those of ours that there are now, whoever made them. */
export function namespaces(): readonly string[] {
  return ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((namespace) => namespace.startsWith(PREFIX));
}

interface End {
  readonly device: string;
  readonly address: string;
  readonly mac: string;
}

/** A cable from the switch to a namespace, or to this machine. */
function plug(hub: string, port: string, inside: readonly string[], { device, address, mac }: End): void {
  ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', device);
  ip('-n', hub, 'link', 'set', device, 'address', mac, 'netns', inside[1] ?? String(process.pid));
  ip('-n', hub, 'link', 'set', port, 'master', 'hub', 'up');
  ip(...inside, 'address', 'add', `${address}/24`, 'dev', device);
  ip(...inside, 'link', 'set', device, 'up');
}

const macOf = (host: number) => `02:f1:78:00:00:${host.toString(16).padStart(2, '0')}`;

/** The first three numbers of a net of 198.18.0.0/15 (for tests of networks: routed nowhere) that this machine has not. */
function freeNet(): string {
  const used = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
  for (;;) {
    const [high = 0, low = 0] = randomBytes(2);
    const net = `198.${18 + (high % 2)}.${low}`;
    if (!used.some((address) => address.startsWith(`${net}.`))) return net;
  }
}

function isLiving(pid: number, owner: string): boolean {
  try {
    return ownerOf(pid) === owner;
  } catch {
    return false;
  }
}

function ip(...words: readonly string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
