import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { isCode } from '../../src/domain/codes/index.js';
import { PROBLEM_TYPE } from '../../src/http/problem.js';
import { eventsOf } from '../support/documented.js';
import type { Document, Operation } from './document.js';
import type { Draft } from './draft.js';
import type { Mutation } from './mutation.js';
import { parseAnswer, type Outcome, type Received } from './wire.js';

/** What is wrong with an outcome; undefined where it is as the document says. */
export type Verdict = string | undefined;

export type Judge = (draft: Draft, outcome: Outcome) => Verdict;

/** Judges by the document alone, not by the routes that it is made from. */
export function judgeBy(document: Document, operations: readonly Operation[]): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: true, validateSchema: false });
  addFormatsModule.default(ajv);
  ajv.addSchema({ $id: 'document', ...document });
  const compiled = new Map<string, ValidateFunction>();
  const unfit = (pointer: string, body: unknown): Verdict => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `document#${pointer}` });
    compiled.set(pointer, validate);
    return validate(body) ? undefined : `is not as documented: ${ajv.errorsText(validate.errors)}`;
  };
  const served = operations.map((operation) => ({ operation, pattern: patternOf(operation.path) }));

  /** By the answer of an operation, or by the schema of a problem where no operation was reached. */
  function content(draft: Draft, answer: Received): Verdict {
    const { status, headers, body } = answer;
    const path = draft.path.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/\?.*$/, '');
    const sent = draft.method.trim();
    const method = sent === 'HEAD' ? 'GET' : sent;
    const operation = served.find(
      ({ operation: of, pattern }) => of.method === method && pattern.test(path),
    )?.operation;
    const type = (headers.get('content-type') ?? '').replace(/;.*$/, '');
    if (status >= 400 && type !== PROBLEM_TYPE) return `is ${type || 'of no media type'}, not ${PROBLEM_TYPE}`;
    if (draft.method === 'HEAD') return body.length === 0 ? undefined : 'has a body';
    if (operation === undefined)
      return status >= 400 ? problem(answer, '/components/schemas/Problem') : outside(draft, status);
    const key = operation.responses[status] ? String(status) : 'default';
    if (key === 'default' && status < 400) return 'has a status that is not documented';
    const media = operation.responses[key]?.content;
    if (!media) return body.length === 0 ? undefined : 'has a body';
    if (!media[type]) return `is ${type || 'of no media type'}, which is not documented`;
    const steps = [operation.path, operation.method.toLowerCase(), 'responses', key, 'content', type, 'schema'];
    const pointer = ['paths', ...steps].map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    if (status >= 400) return problem(answer, encodeURI(pointer));
    if (type === 'text/event-stream')
      return eventsOf(body.toString())
        .map((event) => unfit(encodeURI(pointer), event))
        .find((fault) => fault !== undefined);
    return unfit(encodeURI(pointer), /json$/.test(type) ? JSON.parse(body.toString()) : body.toString());
  }

  function problem({ status, body }: Received, pointer: string): Verdict {
    const value = JSON.parse(body.toString()) as { readonly code: string; readonly status: number };
    if (value.status !== status) return `has the status ${value.status} in its body`;
    if (!isCode(value.code)) return `has a code that nobody knows: ${value.code}`;
    return unfit(pointer, value);
  }

  const ofAnswer = (draft: Draft, answer: Received): Verdict => {
    if (answer.status === 0) return 'is no HTTP';
    if (answer.status >= 500) return 'is a fault of the server';
    if (!answer.whole) return 'is not whole';
    try {
      return content(draft, answer);
    } catch (error) {
      return `cannot be read: ${(error as Error).message}`;
    }
  };
  const ofAnswers = (draft: Draft, answer: Received, most: number): Verdict => {
    const fault = ofAnswer(draft, answer);
    if (fault !== undefined) return `the answer ${answer.status} ${fault}\n  ${answer.body.toString().slice(0, 600)}`;
    if (answer.behind.length === 0) return undefined;
    const next = most > 1 ? parseAnswer(answer.behind, draft.method === 'HEAD') : undefined;
    return next
      ? ofAnswers(draft, next, most - 1)
      : `something is behind the answer ${answer.status}: ${answer.behind.toString()}`;
  };

  return (draft, outcome) => {
    if (outcome.kind === 'left') return undefined;
    if (outcome.kind === 'hangs') return 'neither an answer nor an end of the connection';
    // Who ends its half of the connection may get nothing: Node takes it for a client that has gone.
    if (outcome.kind === 'nothing' && draft.ending === 'ends') return undefined;
    if (outcome.kind === 'nothing') return `no answer: ${outcome.why}`;
    return ofAnswers(draft, outcome.answer, draft.repeats === true || draft.rubbish !== undefined ? 2 : 1);
  };
}

/** What is wrong with an outcome, also where it is a success of what must be refused. */
export function faultOf(judge: Judge, mutation: Mutation | undefined, draft: Draft, outcome: Outcome): Verdict {
  const fault = judge(draft, outcome);
  if (fault !== undefined || mutation?.refused !== true || outcome.kind !== 'answer') return fault;
  return outcome.answer.status < 400 ? `the answer ${outcome.answer.status} to what must be refused` : undefined;
}

/** A success without an operation: what the address can do, or an address that is documented elsewhere. */
function outside({ method, path }: Draft, status: number): Verdict {
  if (method.trim() === 'OPTIONS' && status === 204) return undefined;
  return UNDESCRIBED.some((known) => path === known) ? undefined : `is a success (${status}) of an unknown address`;
}

/** Served, and not described by the document. */
export const UNDESCRIBED = ['/v1/openapi.json', '/healthz', '/metrics'] as const;

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.*+?^$()[\]\\|]/g, '\\$&').replaceAll(/\{[a-z]+\}/g, '[^/]+')}$`);
}
