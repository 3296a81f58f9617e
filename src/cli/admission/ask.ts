import { admissionVoteMessage, type AdmissionFacts } from '../../domain/admission-request.js';
import type { Client } from '../api/client.js';
import type { Io } from '../io.js';
import { named, visible } from '../print.js';
import { say } from '../say.js';
import { signWith, type KeyOptions } from '../sign-decision.js';
import { confirm, usage } from '../terminal.js';
import type { Content } from './content.js';
import { difference } from './difference.js';

export type Request = Awaited<ReturnType<typeof listRequests>>['items'][number];
export const listRequests = (client: Client) => client.get('/v1/admissions');

/** What every command that asks or decides is told. */
export interface Said extends KeyOptions {
  readonly reason: string;
  readonly digest?: string;
}

/** The signature of the own key over exactly what is asked for or decided, as a member of the body; none where no key signs. */
export async function signed(facts: AdmissionFacts, options: KeyOptions) {
  const proof = await signWith(options, (once) => admissionVoteMessage(facts, once));
  return proof ? { proof } : {};
}

/**
 * Shows what differs from what counts now, then asks.
 * @param given the digest that a script read before, in place of the question
 */
export async function show(
  io: Io,
  about: string,
  { digest, before, after }: Content,
  given: string | undefined,
  question: string,
): Promise<boolean> {
  if (!io.asJson())
    say([`about    ${visible(about)}`, `digest   ${digest}`, '', ...difference(before, after)].join('\n'));
  if (given !== undefined) {
    if (given === digest) return true;
    throw usage(`What is shown has the digest ${digest}. Read it, then name that digest.`);
  }
  return confirm(question, `Add --digest ${digest} once you have read it.`);
}

export function requestLines({ id, kind, about, person, reason }: Request): string {
  return [
    `request  ${visible(id)}`,
    `         ${visible(kind)} ${visible(about)}`,
    `by       ${named(person)}: ${visible(reason)}`,
  ].join('\n');
}

/** Under which command a request is confirmed. */
const PARENT = {
  ...({ 'admit-targets': 'target', 'remove-targets': 'target', 'admit-policy': 'policy' } as const),
  ...({ 'approve-standing': 'schedule', 'withdraw-standing': 'schedule' } as const),
} as const;
const parentOf = ({ kind }: Request) => (kind in PARENT ? PARENT[kind as keyof typeof PARENT] : 'runbook');

/** What came of a request that only takes something away. */
const DONE: Readonly<Partial<Record<string, string>>> = {
  'remove-targets': 'It was removed.',
  'withdraw-standing': 'It was withdrawn.',
};

/** Says what became of a request, and what comes next. */
export function tell({ print }: Io, request: Request): void {
  const { id, status, code, detail } = request;
  const parent = parentOf(request);
  const next = {
    new: `authority has not judged it yet. List the requests: fixpoint ${parent} requests`,
    open: `Another person confirms it: fixpoint ${parent} confirm ${id}`,
    done: DONE[request.kind] ?? 'It is in force.',
    refused: `It was refused (${code ?? ''}).${detail === undefined ? '' : `\n${visible(detail)}`}`,
  } as const;
  print(request, `${requestLines(request)}\n${next[status]}`);
  if (status === 'refused' && code !== 'rejected') process.exitCode = 1;
}
