import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeDirectory, startLab, type Lab, type LabOptions } from '../../lab/index.js';
import type { Domain } from '../../lab/domain/index.js';
import { run } from '../../lab/run.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { ENGINE } from './hosts.js';
import { labHomeOf } from './lab-home.js';
import { startTestProduct, type ProductOptions, type TestProduct } from './product.js';
import type { Who } from './people.js';
import { createPatience, until } from './patience.js';

export const BASE = 'DC=contoso,DC=test';
const ENDS = [
  'succeeded',
  'failed',
  'blocked',
  'unknown',
  'needs-attention',
  'waiting',
  'deferred',
  'awaiting-approval',
];

/** A person of the tests: everything not given is as `enable-sip-user` wants it. */
export interface TestUser {
  readonly id: string;
  /** Below OU=Sip,OU=Staff unless given; there the writer has its rights. */
  readonly dn?: string;
  readonly sip?: string;
  readonly enabled?: 'TRUE' | 'FALSE';
  readonly proxy?: readonly string[];
  readonly more?: readonly string[];
  readonly disabled?: boolean;
}

/** A domain with the product on it, and the hands and eyes of a test. */
export interface DirectoryProduct {
  readonly lab: Lab;
  readonly domain: Domain;
  readonly product: TestProduct;
  /** Submits and waits until it is planned; the answer is the job. */
  plan(runbook: string, parameters: object, more?: object): Promise<any>;
  /** As many approvals as the plan needs. */
  approve(job: any): Promise<void>;
  /** Approves, and waits until the job has left the run. */
  carryOut(job: any, states?: readonly string[]): Promise<any>;
  /** The job once it has this code. */
  untilCode(id: string, code: string): Promise<any>;
  rollBack(job: any): Promise<any>;
  /** Adds users below OU=Sip,OU=Staff; returns their objectGUIDs by id. */
  addUsers(users: readonly TestUser[]): Promise<Readonly<Record<string, string>>>;
  /** Values of attributes of one object, read from the directory's own database. */
  read(filter: string, ...attributes: string[]): Promise<readonly Readonly<Record<string, readonly string[]>>[]>;
  change(ldif: string): Promise<void>;
  patchTarget(name: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

export async function startDirectoryProduct(
  name: string,
  parts: LabOptions['parts'] = ['domain'],
  options: ProductOptions = {},
): Promise<DirectoryProduct> {
  const lab = await startLab({ home: labHomeOf(name), engineDirectory: ENGINE, log: () => undefined, parts });
  if (!lab.domain) throw new Error('no domain');
  const { domain } = lab;
  const product = await startTestProduct({
    runbooks: [join(INSTALL_ROOT, 'runbooks')],
    credentials: JSON.parse(readFileSync(lab.credentialsFile, 'utf8')),
    ...options,
  }).catch(async (error: unknown) => {
    await lab.stop();
    throw error;
  });
  // On a busy machine the database may be slow to answer: a client asks again with its key, and so does this one.
  const must = async (who: Who, method: string, path: string, body?: unknown) => {
    const key = { 'idempotency-key': randomUUID() };
    const patience = createPatience(`${method} ${path}`);
    for (;;) {
      const answer = await product.call(who, method, path, body, key);
      if (answer.status < 300) return answer.body;
      if (answer.status !== 503 || patience.isOver('503')) throw new Error(JSON.stringify(answer.body));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  for (const target of lab.inventory) await must('admin', 'POST', '/v1/targets', target);
  const read: DirectoryProduct['read'] = async (filter, ...attributes) =>
    parseLdif(await run('ldbsearch', ['-H', join(domain.directory, 'private', 'sam.ldb'), filter, ...attributes]));
  const change = (ldif: string) => changeDirectory(domain, ldif);
  const plan: DirectoryProduct['plan'] = async (runbook, parameters, more = {}) => {
    const target = runbook === 'trigger-directory-sync' ? 'sync-1' : 'contoso';
    const body = { runbook, target, parameters, reason: 'test', ...more };
    const { id } = await must('helpdesk', 'POST', '/v1/jobs', body);
    return product.until(id, ['awaiting-approval', 'compliant', 'blocked', 'deferred']);
  };
  const approve: DirectoryProduct['approve'] = async (job) => {
    if (job.state !== 'awaiting-approval') throw new Error(`${job.state} ${job.code} ${job.detail}`);
    for (const who of (['approver', 'approver2'] as const).slice(0, job.plan.approvalsRequired)) {
      const body = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
      await must(who, 'POST', `/v1/jobs/${job.id}/decision`, body);
    }
  };
  const carryOut: DirectoryProduct['carryOut'] = async (job, states) => {
    await approve(job);
    if (states) return product.until(job.id, states);
    await product.until(
      job.id,
      ENDS.filter((state) => state !== 'awaiting-approval'),
    );
    return product.until(job.id, ENDS);
  };
  return {
    lab,
    domain,
    product,
    plan,
    approve,
    carryOut,
    async untilCode(id, code) {
      let job: any;
      await until(`${id} says ${code}`, async () => {
        job = await must('admin', 'GET', `/v1/jobs/${id}`);
        return job.code === code;
      });
      return job;
    },
    async rollBack(job) {
      const { id } = await must('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'undo' });
      return carryOut(await product.until(id, ['awaiting-approval', 'blocked', 'deferred', 'compliant']));
    },
    async addUsers(users) {
      await change(users.map(userLdif).join('\n'));
      const found = await read('(&(objectClass=user)(sAMAccountName=*))', 'sAMAccountName', 'objectGUID');
      const guids = new Map(found.map((entry) => [entry.samaccountname?.[0], entry.objectguid?.[0]]));
      return Object.fromEntries(users.map(({ id }) => [id, guids.get(id) ?? '']));
    },
    read,
    change,
    async patchTarget(target, body) {
      const { items } = await must('admin', 'GET', '/v1/targets?limit=200');
      const { id } = items.find((item: { name: string }) => item.name === target);
      await must('admin', 'PATCH', `/v1/targets/${id}`, body);
    },
    async stop() {
      await product.stop();
      await lab.stop();
    },
  };
}

export const dnOf = (id: string) => `CN=${id},OU=Sip,OU=Staff,${BASE}`;

function userLdif({
  id,
  dn = dnOf(id),
  sip = `sip:${id}@contoso.test`,
  enabled = 'FALSE',
  proxy = [],
  more = [],
  disabled,
}: TestUser) {
  return [
    `dn: ${dn}`,
    'changetype: add',
    'objectClass: user',
    `sAMAccountName: ${id}`,
    `userAccountControl: ${disabled ? 546 : 544}`,
    ...(sip === '' ? [] : [`msRTCSIP-PrimaryUserAddress: ${sip}`]),
    `msRTCSIP-UserEnabled: ${enabled}`,
    ...proxy.map((address) => `proxyAddresses: ${address}`),
    ...more,
    '',
  ].join('\n');
}

/** Entries of ldbsearch's answer, by lower-case attribute name. */
export function parseLdif(text: string): readonly Readonly<Record<string, readonly string[]>>[] {
  return text
    .replaceAll('\n ', '')
    .split('\n\n')
    .filter((block) => /^dn: /m.test(block))
    .map((block) => {
      const entry: Record<string, string[]> = {};
      for (const line of block.split('\n')) {
        const [, name, value] = /^([A-Za-z][\w-]*)::? (.*)$/.exec(line) ?? [];
        if (name !== undefined) (entry[name.toLowerCase()] ??= []).push(value ?? '');
      }
      return entry;
    });
}
