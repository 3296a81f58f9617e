import type { components, paths } from './paths.js';

type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type Change = Schemas['Change'];
export type JobDetail = Schemas['JobDetail'];
/** A job as a list shows it, or with everything that happened to it. */
export type Job = Schemas['JobSummary'] | JobDetail;
export type JobStreamEvent = Schemas['JobStreamEvent'];
export type RunbookDetail = Schemas['RunbookDetail'];
export type PersonKey = Schemas['PersonKey'];
export type Target = Schemas['Target'];
export type TargetStatus = Schemas['TargetStatus'];
export type Rollout = Schemas['RolloutSummary'];
export type RolloutDetail = Schemas['RolloutDetail'];
export type Scan = Schemas['ScanSummary'];
export type ScanDetail = Schemas['ScanDetail'];
export type Compliance = Schemas['Compliance'];
export type Selection = Schemas['SelectionShown'];
export type ProblemError = NonNullable<Problem['errors']>[number];
export type AuditEntry = Schemas['AuditEntry'];
export type Frozen = Schemas['Frozen'];
export type Schedule = Schemas['ScheduleSummary'];
export type ScheduleDetail = Schemas['ScheduleDetail'];
export type NextRun = Schemas['NextRun'];

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** JSON that a person wrote, sent as it is: the server says whether it fits. */
export class Unchecked {
  readonly value: object;

  constructor(value: object) {
    this.value = value;
  }
}

/** The path templates that have this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: [paths[P][M]] extends [undefined] ? never : P;
}[keyof paths];

/** What the document says of one method of one path. */
export type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;

type BodyOf<Op> = Op extends { readonly requestBody: { readonly content: { readonly 'application/json': infer Body } } }
  ? { readonly body: Body | Unchecked }
  : { readonly body?: never };

/** Parameters and body of a request. Headers are the client's own affair. */
export type Input<Op> = Op extends { readonly parameters: infer Given extends { path?: unknown; query?: unknown } }
  ? Pick<Given, 'path' | 'query'> & BodyOf<Op>
  : never;

/** The arguments after the path: none are needed where the request needs none. */
export type Arguments<Op> = object extends Input<Op> ? [input?: Input<Op>] : [input: Input<Op>];

type Success<Op> = Op extends { readonly responses: infer All } ? All[keyof All & (200 | 201 | 204)] : never;
/** What a success holds in this media type; undefined for one without content. */
export type Content<Op, Media extends string> =
  Success<Op> extends { readonly content: { readonly [M in Media]: infer Value } } ? Value : undefined;
export type Answer<Op> = Content<Op, 'application/json'>;

/** The paths whose GET has this media type. */
export type PathWith<Media extends string> = {
  [P in PathOf<'get'>]: [Content<Operation<P, 'get'>, Media>] extends [undefined] ? never : P;
}[PathOf<'get'>];

/** The query of a GET. */
export type QueryOf<P extends PathOf<'get'>> = NonNullable<Input<Operation<P, 'get'>>['query']>;

/** The arguments of a GET of text after its path: the query, and the names in the path where it has some. */
export type TextArguments<P extends PathOf<'get'>> =
  Input<Operation<P, 'get'>> extends { readonly path: infer Names extends Readonly<Record<string, string>> }
    ? [query: QueryOf<P>, names: Names]
    : [query?: QueryOf<P>, names?: undefined];

export type StreamPath = PathWith<'text/event-stream'>;
export type StreamEvent<P extends StreamPath> = Content<Operation<P, 'get'>, 'text/event-stream'>;
