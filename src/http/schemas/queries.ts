import { Type } from 'typebox';
import { AUDIT_ACTIONS } from '../../domain/audit-actions.js';
import { STATES } from '../../domain/job.js';
import { UUID_PREFIX_PATTERN } from '../../domain/uuid.js';
import { IF_MATCH } from '../etag.js';
import { closed, literals, name, uuid } from './parts.js';

/** Page size: 50 where it is not given. */
const limit = (maximum: number) => Type.Optional(Type.Integer({ minimum: 1, maximum }));
const cursor = Type.Optional(
  Type.String({ maxLength: 400, pattern: '^[A-Za-z0-9_-]+$', description: '`next` of the page before.' }),
);
const plain = { minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$' } as const;
const text = Type.Optional(Type.String(plain));
const described = (description: string) => Type.Optional(Type.String({ ...plain, description }));
const time = Type.Optional(
  Type.String({ maxLength: 40, format: 'date-time', pattern: ':[0-5][0-9](\\.[0-9]+)?[^:0-9]' }),
);

export const NoQuery = Type.Object({}, closed);
export const PageQuery = Type.Object({ limit: limit(200), cursor }, closed);
export const JobsQuery = Type.Object(
  {
    id: Type.Optional(Type.String({ pattern: UUID_PREFIX_PATTERN, description: 'The first characters of the id.' })),
    state: Type.Optional(literals(...STATES)),
    runbook: text,
    target: Type.Optional(name),
    requester: text,
    ticket: text,
    from: time,
    to: time,
    limit: limit(200),
    cursor,
  },
  closed,
);
export const OutputQuery = Type.Object({ limit: limit(1000), cursor }, closed);
export const ConsentsQuery = Type.Object({ subjectSid: text, limit: limit(200), cursor }, closed);
export const AuditQuery = Type.Object(
  {
    job: Type.Optional(uuid),
    actor: described('Id of whoever did what the event says: a person or a process.'),
    person: described('Id or name of a person: the actor, the requester of the job, or who decided about it.'),
    subject: described('Part of a text that the job is about: a name, an id, a parameter or a changed resource.'),
    runbook: text,
    target: described('Name or id of a target.'),
    action: Type.Optional(literals(...AUDIT_ACTIONS)),
    from: time,
    to: time,
    format: Type.Optional(
      Type.Unsafe<'json' | 'csv' | 'jsonl'>({
        enum: ['json', 'csv', 'jsonl'],
        description:
          'json, the default, is one page. csv and jsonl are all events that fit, or the first `limit` of them.',
      }),
    ),
    limit: limit(500),
    cursor,
  },
  closed,
);

/** Of a resource: the value of `ETag` when it was read. */
export const IfMatch = Type.Object({
  'If-Match': Type.Optional(
    Type.String({
      maxLength: 1000,
      pattern: IF_MATCH,
      description: 'The `ETag` of the target when it was read, or `*`.',
    }),
  ),
});
/** Of a stream: the `id` of the last event that was received. */
export const LastEventId = Type.Object({ 'Last-Event-ID': Type.Optional(Type.String({ pattern: '^[0-9]{0,15}$' })) });
