import { afterEach, expect, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { byProxy } from './rig/cuttable.js';
import { sleep } from './rig/folders.js';
import { until } from '../support/patience.js';
import { makeNetwork, namespaces, ownerOf, removeLeftoverNetworks, whyNoNetwork } from './rig/network.js';

/** Without root or `ip` there is no network to test: there the set `stop` goes by proxies, says so, and the last test is what holds. */
const canMake = whyNoNetwork() === undefined;
const itWithNetworks = (name: string, test: () => Promise<void>) => (canMake ? it(name, test) : undefined);
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Numbers one by one over one TCP connection, from a program inside. */
const COUNTER = `
  const socket = require('node:net').connect(Number(process.argv[2]), process.argv[1]);
  let n = 0;
  setInterval(() => socket.write(n++ + ' '), 50);
  // A connection that ended is a failure: the test looks at the exit code.
  socket.on('close', () => process.exit(1));
`;

interface Heard {
  /** How many connections each member made. */
  readonly connections: Map<string, number>;
  readonly numbers: Map<string, string>;
}

async function listen(address: string): Promise<{ server: Server; heard: Heard; port: number }> {
  const heard: Heard = { connections: new Map(), numbers: new Map() };
  const server = createServer((socket) => {
    const from = socket.remoteAddress ?? '';
    heard.connections.set(from, (heard.connections.get(from) ?? 0) + 1);
    socket.on('error', () => undefined);
    socket.on('data', (data) => heard.numbers.set(from, (heard.numbers.get(from) ?? '') + data.toString('utf8')));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  undo.push(() => server.close());
  return { server, heard, port: (server.address() as AddressInfo).port };
}

function inside(words: readonly string[], ...program: readonly string[]): ChildProcess {
  const [first = '', ...rest] = [...words, ...program];
  const child = spawn(first, rest, { stdio: 'ignore' });
  undo.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

itWithNetworks('a connection that is cut stalls, others do not, and it lives on without a byte lost', async () => {
  const network = makeNetwork(['a', 'b']);
  undo.push(network.close);
  const { heard, port } = await listen(network.address);
  const program = [process.execPath, '-e', COUNTER, network.address, String(port)];
  const counters = ['a', 'b'].map((member) => inside(network.inside(member), ...program));
  const length = (member: number) => heard.numbers.get(network.address.replace(/1$/, String(member + 2)))?.length ?? 0;
  await until('both are heard', () => length(0) > 0 && length(1) > 0);

  const cut = network.cut(['a'], 2000);
  await sleep(300);
  const [a, b] = [length(0), length(1)];
  await sleep(1500);
  expect(length(0)).toBe(a);
  expect(length(1)).toBeGreaterThan(b);
  await cut;
  await until('the one that was cut is heard again', () => length(0) > a + 20);

  expect([...heard.connections.values()]).toEqual([1, 1]);
  expect(counters.map(({ exitCode }) => exitCode)).toEqual([null, null]);
  for (const text of heard.numbers.values()) {
    const numbers = text.trim().split(' ').map(Number);
    expect(numbers).toEqual(numbers.map((_, i) => i));
  }
});

itWithNetworks(
  'a program inside is the process that was started, with its channel to us, and reaches nothing else',
  async () => {
    const network = makeNetwork(['a']);
    undo.push(network.close);
    const elsewhere = await listen('127.0.0.1');
    const [first = '', ...rest] = network.inside('a');
    const asks = `
    const socket = require('node:net').connect(${elsewhere.port}, '127.0.0.1');
    socket.on('connect', () => process.send('reached'));
    socket.on('error', ({ code }) => process.send(process.pid + ' ' + code));
    // A code of its own, to be known again outside.
    process.on('message', () => process.exit(7));
  `;
    const child = spawn(first, [...rest, process.execPath, '-e', asks], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [said] = (await once(child, 'message')) as [string];
    expect(said).toBe(`${child.pid} ECONNREFUSED`);
    child.send('end');
    expect(await once(child, 'exit')).toEqual([7, null]);
  },
);

itWithNetworks(
  'what a killed run left behind is removed with what runs inside; what belongs to others stays',
  async () => {
    const run = inside([], 'sleep', '1000');
    const owner = ownerOf(run.pid ?? 0);
    const left = makeNetwork(['a'], owner);
    const ours = makeNetwork(['a']);
    const foreign = `not-${owner}`;
    execFileSync('ip', ['netns', 'add', foreign]);
    undo.push(ours.close, () => execFileSync('ip', ['netns', 'delete', foreign]));
    const orphan = inside(left.inside('a'), 'sleep', '1000');
    const namesOf = (of: string) => namespaces().filter((name) => name.includes(`-${of}-`));

    removeLeftoverNetworks();
    expect(namesOf(owner)).toHaveLength(2);

    run.kill('SIGKILL');
    await once(run, 'exit');
    const ended = once(orphan, 'exit');
    expect([...removeLeftoverNetworks()].filter((name) => name.includes(owner))).toHaveLength(2);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(namesOf(owner)).toEqual([]);
    expect(namesOf(ownerOf(process.pid))).toHaveLength(2);
    expect(execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })).toContain(foreign);
  },
);

it('without a network namespace each process has its own proxy: a cut one stalls, the other does not', async () => {
  const way = byProxy(['a', 'b'], 'for this test');
  undo.push(way.close);
  expect(way.how).toContain('for this test');
  const { heard, port } = await listen('127.0.0.1');
  const said = { a: 0, b: 0 };
  for (const part of ['a', 'b'] as const) {
    const { host, port: door } = await way.to(part, port);
    const socket = connect(door, host);
    const timer = setInterval(() => socket.write(part), 50);
    undo.push(() => (clearInterval(timer), socket.destroy()));
  }
  const count = () => {
    const text = [...heard.numbers.values()].join('');
    for (const part of ['a', 'b'] as const) said[part] = text.split(part).length - 1;
    return { ...said };
  };
  await until('both are heard', () => count().a > 0 && count().b > 0);
  const cut = way.cut(['a'], 2000);
  await sleep(300);
  const before = count();
  await sleep(1000);
  expect(count().a).toBe(before.a);
  expect(count().b).toBeGreaterThan(before.b);
  await cut;
  await until('the one that was cut is heard again', () => count().a > before.a + 10);
});
