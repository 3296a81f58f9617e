import { Type } from 'typebox';
import { STATES } from '../../domain/job.js';
import { time } from './jobs.js';
import { closed, literals } from './parts.js';

const text = Type.String();
const state = literals(...STATES);
/** Sequence number of the event within its job; `Last-Event-ID` resumes after it. */
const id = Type.String({ pattern: '^[0-9]{1,15}$' });

const changed = Type.Object(
  {
    changeId: text,
    direction: literals('apply', 'undo'),
    result: literals('changed', 'noop', 'in-place', 'failed', 'not-in-place', null),
  },
  closed,
);

/** A move of the job: its new state and the audit events that came with it. */
const stateEvent = Type.Object(
  {
    id,
    event: Type.Literal('state'),
    data: Type.Object(
      {
        at: time,
        state,
        code: Type.Union([text, Type.Null()]),
        facts: Type.Array(text),
        changes: Type.Optional(Type.Array(changed)),
      },
      closed,
    ),
  },
  closed,
);

/** What a phase wrote to one of the streams of PowerShell. */
const recordEvent = Type.Object(
  {
    id,
    event: Type.Literal('record'),
    data: Type.Object(
      {
        at: time,
        phase: text,
        stream: literals('error', 'warning', 'verbose', 'debug', 'information', 'progress'),
        text,
        truncated: Type.Boolean(),
        error: Type.Optional(Type.Unsafe<object>({ type: 'object', additionalProperties: true })),
        percent: Type.Optional(Type.Number()),
      },
      closed,
    ),
  },
  closed,
);

/** The last event of a job's stream: the job has ended in this state, or there is no such job any more. */
const endEvent = Type.Object(
  { event: Type.Literal('end'), data: Type.Object({ state: literals(...STATES, 'gone') }, closed) },
  closed,
);

/** One event of the stream of a job. */
export const JobStreamEvent = Type.Union([stateEvent, recordEvent, endEvent]);

/** One event of the stream of a person: a job that they may see has changed. */
export const ChangeStreamEvent = Type.Object(
  { event: Type.Literal('job'), data: Type.Object({ kind: Type.Literal('job'), id: text, state }, closed) },
  closed,
);
