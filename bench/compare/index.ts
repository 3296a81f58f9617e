import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { median } from '../figures.js';
import { openAccount, type Account } from './accounting.js';
import { ANSIBLE_WAYS } from './ansible.js';
import { FIXPOINT } from './fixpoint.js';
import { RAW_WAYS } from './raw.js';
import { table, type Compared } from './table.js';
import { expectText, startTargets, type BenchTargets } from './targets.js';
import type { Contact, Way } from './way.js';

const ALL: readonly Way[] = [FIXPOINT, ...RAW_WAYS, ...ANSIBLE_WAYS];
const SIZES = [2, 4, 8];
/** Servers that a way meets once before it is measured, so that its programs are loaded. */
const WARM_UP = 4;

interface Options {
  readonly servers: number;
  readonly runs: number;
  /** Tries each way with other numbers of servers at once, once. */
  readonly calibrate: boolean;
  /** Only the ways that have this text in their names; empty: all. */
  readonly only: string;
}

/** What one round cost; times in seconds, for all servers together. */
interface Cost {
  readonly wall: number;
  readonly controller: number;
  readonly targets: number;
}

let texts = 0;

/**
 * `npm run bench -- --compare`: the same read and the same small change on Linux servers over SSH, by Fixpoint and by what people use
 * instead, in turns. Everything shares this machine. Needs root, for the accounts of processor time, and `ansible-playbook`.
 */
export async function compare(options: Options): Promise<void> {
  const account = openAccount('fixpoint-bench-targets');
  const ways = ALL.filter(({ name }) => name.includes(options.only));
  const targets = await startTargets(options.servers, account);
  try {
    if (options.calibrate) await calibrate(ways, targets, account);
    else await inTurns(ways, targets, account, options);
  } finally {
    await targets.stop();
    account.remove();
  }
}

async function inTurns(
  ways: readonly Way[],
  targets: BenchTargets,
  account: Account,
  { runs, servers }: Options,
): Promise<void> {
  const costs = new Map<string, Cost[]>();
  for (let run = 0; run < runs; run++)
    for (const way of ways)
      for (const [contact, cost] of await play(way, way.atOnce, targets, account)) {
        const key = `${way.name}\n${contact}`;
        costs.set(key, [...(costs.get(key) ?? []), cost]);
        console.error(`run ${run + 1}/${runs}: ${way.name}, ${contact}: ${cost.wall.toFixed(1)} s`);
      }
  const compared = [...costs].map(([key, values]): Compared => {
    const [name = '', contact = ''] = key.split('\n');
    const perJob = (of: (cost: Cost) => number) => median(values.map(of)) / servers;
    return {
      ...{ name, contact: contact as Contact },
      atOnce: ways.find((way) => way.name === name)?.atOnce ?? 0,
      jobsPerSecond: servers / median(values.map(({ wall }) => wall)),
      controllerSeconds: perJob(({ controller }) => controller),
      targetSeconds: perJob(({ targets: used }) => used),
      wallSeconds: values.map(({ wall }) => wall),
    };
  });
  const at = new Date().toISOString();
  const machine = { cores: cpus().length, model: cpus()[0]?.model, memoryMb: Math.round(totalmem() / 2 ** 20) };
  const folder = join(INSTALL_ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `compare-${at.slice(0, 10)}.json`);
  writeFileSync(file, `${JSON.stringify({ at, servers, runs, machine, compared }, null, 2)}\n`);
  console.log(table(compared, FIXPOINT.name));
  console.log(`\nWritten to ${file}`);
}

async function calibrate(ways: readonly Way[], targets: BenchTargets, account: Account): Promise<void> {
  for (const way of ways)
    for (const size of SIZES)
      for (const [contact, { wall }] of await play(way, size, targets, account))
        console.log(`${way.name}, ${contact}, ${size} at once: ${(targets.all.length / wall).toFixed(2)} servers/s`);
}

/** A way from its start to its end: once to warm up, then each of its contacts with all servers. */
async function play(way: Way, size: number, targets: BenchTargets, account: Account): Promise<[Contact, Cost][]> {
  const controller = openAccount('fixpoint-bench-controller');
  const running = await way.start(targets, size, controller);
  const round = async (which: BenchTargets['all'], contact: Contact): Promise<[Contact, Cost][]> => {
    const text = `text-${(texts += 1)}`;
    const costs: [Contact, Cost][] = [];
    await running.round(which, text, contact, async (work, as = contact) => {
      const before = { wall: performance.now(), controller: controller.usedMs(), targets: account.usedMs() };
      await work();
      const wall = performance.now() - before.wall;
      // What a session still does after its client has gone is its own cost.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const used = controller.usedMs() - before.controller;
      const cost = { wall: wall / 1e3, controller: used / 1e3, targets: (account.usedMs() - before.targets) / 1e3 };
      costs.push([as, cost]);
    });
    expectText(which, text, way.name);
    return costs;
  };
  try {
    // A way without a first contact opens what it keeps before it is measured.
    await round(way.contacts.includes('first') ? targets.all.slice(0, WARM_UP) : targets.all, 'first');
    const costs: [Contact, Cost][] = [];
    for (const contact of way.contacts) costs.push(...(await round(targets.all, contact)));
    return costs;
  } finally {
    await running.stop();
    for (let i = 0; controller.pids().length > 0 && i < 100; i++) await new Promise((done) => setTimeout(done, 100));
    for (const pid of controller.pids()) process.kill(pid, 'SIGTERM');
    for (let i = 0; controller.pids().length > 0 && i < 100; i++) await new Promise((done) => setTimeout(done, 100));
    controller.remove();
  }
}
