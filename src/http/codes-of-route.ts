import { creates, type Route } from './route.js';

/** Codes of what the server refuses whatever the route is. */
const OF_EVERY_REQUEST = [
  'malformed-request',
  'host-unknown',
  'headers-too-large',
  'request-timed-out',
  'too-many-requests',
] as const;

/** Codes of the problems that a route may answer. */
export function codesOf(route: Route): readonly string[] {
  return [
    'not-signed-in',
    'not-allowed',
    'invalid-query',
    ...(route.headers ? ['invalid-header'] : []),
    ...(route.body ? ['invalid-request', 'malformed-json', 'body-too-deep', 'body-too-large'] : []),
    ...(route.body ? ['unsupported-media-type'] : []),
    ...(creates(route) ? ['idempotency-key-required', 'idempotency-mismatch'] : []),
    ...(route.mediaType === 'text/event-stream' ? ['too-many-streams'] : []),
    ...(route.problems ?? []),
    ...OF_EVERY_REQUEST,
    'service-unavailable',
    'people-unreadable',
    'policy-unreadable',
    'internal-error',
  ].filter((code, i, all) => all.indexOf(code) === i);
}
