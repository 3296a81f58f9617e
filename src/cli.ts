import { Command, CommanderError } from 'commander';
import { writeFileSync } from 'node:fs';
import { CHECKOUT } from './checkout.js';
import { clientFromEnvironment, Refusal, type Client } from './cli/client.js';
import { jobLines, table, visible, type ShownJob } from './cli/print.js';

/** 0 done, 1 refused or failed, 2 usage, 3 incomplete. */
const program = new Command('fixpoint')
  .description('Remediation runbooks: planned, approved by another person, executed, proved, audited.')
  .option('--json', 'print JSON instead of text')
  .option('--as <person>', 'sign in as a demo person (helpdesk, approver, approver2, operator, auditor, admin)')
  .exitOverride();

const asJson = () => program.opts<{ json?: boolean }>().json === true;
const client = (): Client => clientFromEnvironment(program.opts<{ as?: string }>().as);

function print(data: unknown, text: string): void {
  process.stdout.write(`${asJson() ? JSON.stringify(data, null, 2) : text}\n`);
}

const group = (name: string, description: string) => program.command(name).description(description);

const job = group('job', 'requests and what became of them');
job
  .command('submit')
  .argument('<runbook>')
  .argument('<target>')
  .argument('<parameters>', 'a JSON object')
  .requiredOption('--reason <text>')
  .option('--ticket <id>')
  .action(async (runbook: string, target: string, parameters: string, options: { reason: string; ticket?: string }) => {
    const body = {
      runbook,
      target,
      parameters: parseObject(parameters),
      reason: options.reason,
      ...(options.ticket ? { ticket: options.ticket } : {}),
    };
    showJob(await client().send<ShownJob>('POST', '/v1/jobs', body));
  });
job
  .command('list')
  .option('--state <state>')
  .option('--runbook <id>')
  .option('--limit <n>', 'at most', '20')
  .action(async (options: Record<string, string>) => {
    const page = await client().get<{ items: readonly ShownJob[] }>(
      `/v1/jobs?${new URLSearchParams(options).toString()}`,
    );
    const rows = page.items.map((item) => [
      item.id,
      item.state,
      item.runbook.id,
      item.target.name,
      visible(item.requester.name),
      item.code ?? '',
    ]);
    print(
      page,
      page.items.length === 0
        ? 'No jobs.'
        : table([['JOB', 'STATE', 'RUNBOOK', 'TARGET', 'ASKED BY', 'CODE'], ...rows]),
    );
  });
job
  .command('show')
  .argument('<id>')
  .action(async (id: string) => showJob(await client().get<ShownJob>(`/v1/jobs/${encodeURIComponent(id)}`)));
job
  .command('watch')
  .argument('<id>')
  .description('follow a job until it ends')
  .action(async (id: string) => {
    await client().follow(`/v1/jobs/${encodeURIComponent(id)}/events`, (event, data) => {
      if (asJson()) return process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
      const said =
        event === 'record'
          ? `${String(data.stream)}: ${visible(String(data.text))}`
          : event === 'state'
            ? `${String(data.state)} ${((data.facts as string[] | undefined) ?? []).join(', ')}`
            : text(data.state);
      process.stdout.write(`${text(data.at).padEnd(24)} ${said}\n`);
    });
  });
for (const decision of ['approve', 'reject'] as const) {
  job
    .command(decision)
    .argument('<id>')
    .requiredOption('--reason <text>')
    .option('--on-failure <what>', 'leave or rollback')
    .action(async (id: string, options: { reason: string; onFailure?: string }) => {
      const { planDigest } = await import('./domain/plan.js');
      const path = `/v1/jobs/${encodeURIComponent(id)}`;
      const seen = await client().get<ShownJob>(path);
      // The digest is taken from the bytes that are shown, never from what the server says it is.
      const digest = seen.plan
        ? planDigest(JSON.parse(await client().text(`${path}/plan`)) as Parameters<typeof planDigest>[0])
        : '0'.repeat(64);
      if (!asJson()) process.stdout.write(`${jobLines(seen)}\n\n`);
      const body = {
        decision,
        planDigest: digest,
        reason: options.reason,
        ...(options.onFailure ? { onFailure: options.onFailure } : {}),
      };
      showJob(await client().send<ShownJob>('POST', `${path}/decision`, body));
    });
}
for (const verb of ['cancel', 'rollback'] as const) {
  job
    .command(verb)
    .argument('<id>')
    .requiredOption('--reason <text>')
    .action(async (id: string, { reason }: { reason: string }) =>
      showJob(await client().send<ShownJob>('POST', `/v1/jobs/${encodeURIComponent(id)}/${verb}`, { reason })),
    );
}
job
  .command('settle')
  .argument('<id>')
  .argument('<resolution>', 'in-place or not-in-place')
  .requiredOption('--reason <text>')
  .action(async (id: string, resolution: string, { reason }: { reason: string }) =>
    showJob(await client().send<ShownJob>('POST', `/v1/jobs/${encodeURIComponent(id)}/settle`, { resolution, reason })),
  );

const runbook = group('runbook', 'the catalogue');
runbook.command('list').action(async () => {
  const page = await client().get<{
    items: readonly { id: string; version: string; title: string; contentDigest: string; kinds: string[] }[];
  }>('/v1/runbooks');
  const rows = page.items.map(({ id, version, title, contentDigest, kinds }) => [
    id,
    version,
    kinds.join(','),
    contentDigest.slice(0, 12),
    title,
  ]);
  print(page, table([['RUNBOOK', 'VERSION', 'RUNS ON', 'DIGEST', 'TITLE'], ...rows]));
});
runbook
  .command('check')
  .argument('[folders...]', 'folders that hold runbooks; default runbooks')
  .description('check manifests, conventions and scripts as the loader does')
  .action(async (folders: string[]) => {
    const { settingsOrExit } = await import('./process.js');
    const { composeGate, composeRunbooks } = await import('./compose.js');
    const { resolve } = await import('node:path');
    const { config } = settingsOrExit();
    const directories =
      folders.length > 0
        ? [...folders.map((folder) => resolve(folder)), ...config.runbookDirectories]
        : config.runbookDirectories;
    const host = composeGate(config);
    try {
      const loaded = await composeRunbooks([...new Set(directories)], host).load();
      const problems = loaded.flatMap((folder) => folder.problems);
      const lines = problems.map(
        ({ file, line, message, rule, severity }) =>
          `${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${message} [${rule}]`,
      );
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      print(
        loaded.map(({ id, bundle, problems: found }) => ({
          id,
          contentDigest: bundle?.contentDigest ?? null,
          problems: found,
        })),
        [...lines, `${loaded.length} runbooks, ${errors} errors, ${problems.length - errors} warnings`].join('\n'),
      );
      if (errors > 0) process.exitCode = 1;
    } finally {
      await host.close();
    }
  });

const target = group('target', 'the inventory');
target
  .command('add')
  .argument('<json>', 'a target as JSON')
  .action(async (json: string) => {
    const added = await client().send<{ id: string; name: string }>('POST', '/v1/targets', parseObject(json));
    print(added, `${added.name} is in the inventory: ${added.id}`);
  });
target.command('list').action(async () => {
  const page = await client().get<{
    items: readonly { id: string; name: string; kind: string; tier: number; transport: { type: string } }[];
  }>('/v1/targets?limit=200');
  const rows = page.items.map(({ id, name, kind, tier, transport }) => [name, kind, transport.type, String(tier), id]);
  print(page, table([['TARGET', 'KIND', 'BY', 'TIER', 'ID'], ...rows]));
});

const consent = group('consent', 'recorded statements of users');
consent
  .command('add')
  .argument('<kind>')
  .argument('<subjectSid>')
  .argument('<evidence>')
  .action(async (kind: string, subjectSid: string, evidence: string) => {
    const added = await client().send<{ id: string }>('POST', '/v1/consents', { kind, subjectSid, evidence });
    print(added, `Recorded: ${added.id}`);
  });
consent.command('list').action(async () => {
  const page = await client().get<{
    items: readonly { kind: string; subjectSid: string; evidence: string; recordedBy: { name: string } }[];
  }>('/v1/consents');
  print(
    page,
    table([
      ['KIND', 'SUBJECT', 'BY', 'EVIDENCE'],
      ...page.items.map((c) => [c.kind, c.subjectSid, c.recordedBy.name, visible(c.evidence)]),
    ]),
  );
});

const freeze = group('freeze', 'stop all new work');
interface Frozen {
  readonly frozen: boolean;
  readonly by?: string;
  readonly reason?: string;
}
const frozenText = (state: Frozen) => (state.frozen ? `Frozen by ${state.by}: ${state.reason}` : 'Not frozen.');
const showFreeze = (state: Frozen) => print(state, frozenText(state));
freeze
  .command('on')
  .requiredOption('--reason <text>')
  .action(async ({ reason }: { reason: string }) => showFreeze(await client().send('POST', '/v1/freeze', { reason })));
freeze.command('off').action(async () => showFreeze(await client().send('DELETE', '/v1/freeze')));
freeze.command('show').action(async () => showFreeze(await client().get('/v1/freeze')));

const audit = group('audit', 'the audit log');
audit
  .command('verify')
  .argument('[export]', 'a file of JSON Lines; without it, the database of this machine')
  .option('--keys <file>', 'public keys')
  .action(async (file: string | undefined, { keys }: { keys?: string }) => {
    const { verifyAudit } = await import('./cli/audit.js');
    const verdict = await verifyAudit({
      ...(file === undefined ? {} : { file }),
      ...(keys === undefined ? {} : { keys }),
    });
    const text = verdict.ok
      ? `The audit log holds: ${verdict.events} events, head ${verdict.head}`
      : `The audit log does NOT hold, from event ${verdict.problems[0]?.seq}:\n${verdict.problems.map(({ seq, reason }) => `  event ${seq} ${reason}`).join('\n')}`;
    print(verdict, text);
    process.exitCode = verdict.ok ? (verdict.events === 0 ? 3 : 0) : 1;
  });
audit
  .command('export')
  .argument('<file>')
  .action(async (file: string) => {
    const text = await client().text('/v1/audit/export');
    writeFileSync(file, text);
    const events = text.split('\n').length - 1;
    print({ file, events }, `${events} events written to ${file}`);
  });
audit
  .command('list')
  .option('--job <id>')
  .option('--limit <n>', 'at most', '50')
  .action(async (options: Record<string, string>) => {
    const page = await client().get<{
      items: readonly {
        seq?: number;
        at: string;
        action: string;
        outcome: string;
        actor: { name: string };
        writer: string;
      }[];
    }>(`/v1/audit?${new URLSearchParams(options).toString()}`);
    print(
      page,
      table([
        ['SEQ', 'TIME', 'ACTION', 'OUTCOME', 'ACTOR', 'WRITER'],
        ...page.items.map((e) => [String(e.seq ?? '-'), e.at, e.action, e.outcome, visible(e.actor.name), e.writer]),
      ]),
    );
  });

program.command('me').action(async () => {
  const me = await client().get<{ id: string; name: string; roles: string[] }>('/v1/me');
  print(me, `${me.name} (${me.id}): ${me.roles.join(', ')}`);
});

const person = group('person', 'who may do what: the people file of this machine');
person
  .command('add')
  .argument('<id>')
  .argument('<name>')
  .argument('<roles...>')
  .action(async (id: string, name: string, roles: string[]) => {
    const { savePerson } = await import('./cli/people.js');
    savePerson(id, name, roles);
    print({ id, name, roles }, `${name} (${id}): ${roles.join(', ')}`);
  });
person.command('list').action(async () => {
  const { readPeople } = await import('./cli/people.js');
  print(
    readPeople(),
    table([['ID', 'NAME', 'ROLES'], ...readPeople().map(({ id, name, roles }) => [id, name, roles.join(', ')])]),
  );
});

const token = group('token', 'sign-in tokens');
token
  .command('issue')
  .argument('<person>')
  .option('--service', 'a service token: submits and reads, never decides')
  .description('issue a token on the machine that runs Fixpoint; shown once')
  .action(async (id: string, { service }: { service?: boolean }) => {
    const { issueToken, readPeople } = await import('./cli/people.js');
    if (!readPeople().some((known) => known.id === id))
      throw new Refusal({
        code: 'person-not-found',
        title: `There is no person ${id}.`,
        detail: 'Add them first: fixpoint person add <id> <name> <roles...>',
      });
    const { readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    const { home } = await import('./cli/client.js');
    const url =
      process.env.FIXPOINT_API_DATABASE_URL ??
      (JSON.parse(readFileSync(join(home(), 'connection.json'), 'utf8')) as { api: string }).api;
    const issued = await issueToken(url, id, service ? 'service' : 'personal');
    print({ token: issued }, issued);
  });

const labGroup = group('lab', 'the laboratory: a domain, Windows PCs and Linux endpoints on this machine');
labGroup.command('up').action(async () => {
  const { settingsOrExit } = await import('./process.js');
  const { startLab, labStatus } = await import('../lab/index.js');
  const { config } = settingsOrExit();
  await startLab({ home: config.home, engineDirectory: config.engineDirectory, log: (line) => console.error(line) });
  const status = await labStatus(config.home);
  print(status, `Up: ${status.map(({ what }) => what).join(', ')}`);
  process.exit(0);
});
labGroup.command('down').action(async () => {
  const { settingsOrExit } = await import('./process.js');
  const { labDown } = await import('../lab/index.js');
  await labDown(settingsOrExit().config.home);
  print({ down: true }, 'Everything the laboratory started has ended.');
});
labGroup.command('status').action(async () => {
  const { settingsOrExit } = await import('./process.js');
  const { labStatus } = await import('../lab/index.js');
  const status = await labStatus(settingsOrExit().config.home);
  print(
    status,
    status.length === 0
      ? 'The laboratory is down.'
      : table([
          ['PART', 'PROCESS', 'STATE'],
          ...status.map(({ what, pid, up }) => [what, String(pid), up ? 'up' : 'ended']),
        ]),
  );
  if (status.length === 0 || status.some(({ up }) => !up)) process.exitCode = 3;
});

program
  .command('up')
  .description('start the product: npm start')
  .action(async () => {
    const { settingsOrExit } = await import('./process.js');
    const { startProduct } = await import('./supervisor.js');
    const product = await startProduct(settingsOrExit(), (line) => console.log(line));
    console.log(
      `\nFixpoint is up at ${product.url}\nAdd people: npx fixpoint person add <id> <name> <roles...>; sign in: npx fixpoint token issue <id>. Ctrl-C stops it.`,
    );
    await untilStopped(product.failed);
    await product.stop();
    process.exit(process.exitCode ?? 0);
  });
program
  .command('demo')
  .description('start the product with the laboratory, play the tour, stay up')
  .option('--once', 'stop after the tour')
  .action(async ({ once }: { once?: boolean }) => {
    const { startDemo } = await import('./cli/demo.js');
    const { playTour } = await import('./cli/tour.js');
    const quiet: string[] = [];
    const demo = await startDemo((line) =>
      /^(starting|stopping|the database)/.test(line) ? console.log(line) : quiet.push(line),
    );
    try {
      await playTour({ ...demo, say: (line) => console.log(line) });
    } catch (error) {
      console.error(quiet.slice(-15).join('\n'));
      await demo.stop();
      throw error;
    }
    if (once !== true) {
      console.log(
        `\nFixpoint stays up at ${demo.product.url}. The demo people's tokens are in ${demo.home}/demo.json.\nTry: npx fixpoint --as helpdesk job list    Ctrl-C stops everything.`,
      );
      await untilStopped(demo.product.failed);
    }
    await demo.stop();
    process.exit(process.exitCode ?? 0);
  });
program
  .command('tour')
  .description('play both runbooks against a running demo, or start one for it')
  .action(async () => {
    const { playTour } = await import('./cli/tour.js');
    const { DEMO_PEOPLE, startDemo } = await import('./cli/demo.js');
    const { home } = await import('./cli/client.js');
    const say = (line: string) => console.log(line);
    const running = await fetch(
      `${process.env.FIXPOINT_URL ?? `http://127.0.0.1:${process.env.FIXPOINT_PORT ?? 8400}`}/healthz`,
    ).then(
      (r) => r.ok,
      () => false,
    );
    if (running) {
      const people = Object.fromEntries(
        Object.keys(DEMO_PEOPLE).map((id) => [id, clientFromEnvironment(id)]),
      ) as Parameters<typeof playTour>[0]['people'];
      return playTour({ home: home(), people, say });
    }
    const demo = await startDemo((line) => (/^starting/.test(line) ? say(line) : undefined));
    try {
      await playTour({ ...demo, say });
    } finally {
      await demo.stop();
    }
    process.exit(0);
  });

function showJob(shown: ShownJob): void {
  print(shown, jobLines(shown));
  if (['blocked', 'failed', 'rejected', 'expired', 'rollback-failed'].includes(shown.state)) process.exitCode = 1;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function parseObject(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new CommanderError(2, 'fixpoint.json', `not a JSON object: ${text.slice(0, 80)}`);
  }
  return parsed as Record<string, unknown>;
}

async function untilStopped(failed: Promise<string>): Promise<void> {
  const signal = new Promise<undefined>((resolve) => {
    process.once('SIGINT', () => resolve(undefined));
    process.once('SIGTERM', () => resolve(undefined));
  });
  const why = await Promise.race([signal, failed]);
  if (why !== undefined) {
    console.error(`Stopping: ${why}`);
    process.exitCode = 1;
  } else console.log('\nStopping …');
}

try {
  process.chdir(CHECKOUT);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.code === 'fixpoint.json') console.error(error.message);
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof Refusal) {
    if (asJson()) process.stdout.write(`${JSON.stringify(error.problem, null, 2)}\n`);
    else {
      console.error(`Refused: ${error.message} [${error.code}]`);
      if (error.problem.detail !== undefined && error.problem.detail !== error.message)
        console.error(text(error.problem.detail));
      for (const { path, message } of (error.problem.errors as { path: string; message: string }[] | undefined) ?? [])
        console.error(`  ${path} ${message}`);
    }
    process.exitCode = 1;
  } else {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

// What was printed reaches a pipe before the process ends; nothing else keeps it alive.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit();
