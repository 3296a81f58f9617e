import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { createParser } from 'eventsource-parser';
import { codesOf } from '../../src/http/codes-of-route.js';
import type { Route } from '../../src/http/route.js';
import { Problem } from '../../src/http/schemas/responses.js';

/** Judges an answer of the API by what its route documents. */
export type Judge = (method: string, path: string, status: number, headers: Headers, body: unknown) => void;

/** @throws Error when an answer of a /v1 route is not what the OpenAPI document says of it. */
export function judgeBy(routes: readonly Route[]): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: true });
  addFormatsModule.default(ajv);
  const compiled = new Map<object, ValidateFunction>();
  const check = (schema: object, body: unknown, what: string) => {
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema });
    compiled.set(schema, validate);
    if (!validate(body)) throw new Error(`${what} is not as documented: ${ajv.errorsText(validate.errors)}`);
  };
  const known = routes.map((route) => ({
    route,
    codes: codesOf(route),
    pattern: new RegExp(`^/v1${route.path.replaceAll(/\/:[a-z]+/g, '/[^/]+')}$`),
  }));
  return (method, path, status, headers, body) => {
    const [plain = ''] = path.split('?');
    const of = known.find(({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(plain));
    if (!of) return;
    const what = `${method} ${plain} ${status}`;
    if (status >= 400) {
      check(Problem, body, what);
      const { code } = body as { code: string };
      if (!of.codes.includes(code)) throw new Error(`${what}: the code ${code} is not documented`);
      return;
    }
    if (status !== of.route.answers) throw new Error(`${what}: the status is not documented`);
    const type = headers.get('content-type') ?? '';
    if (Object.keys(of.route.otherForms ?? {}).some((media) => type.startsWith(media))) return;
    if (of.route.mediaType === 'text/event-stream')
      for (const event of eventsOf(String(body))) check(of.route.answer ?? {}, event, what);
    else if (of.route.answer) check(of.route.answer, body, what);
    if (of.route.mediaType && !type.startsWith(of.route.mediaType)) throw new Error(`${what} is ${type}`);
  };
}

/** The events of a stream as the document describes one: name, id where there is one, and the value of its data. */
export function eventsOf(text: string): readonly object[] {
  const events: object[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) =>
      events.push({ ...(id === undefined ? {} : { id }), event, data: JSON.parse(data) }),
  });
  parser.feed(text);
  return events;
}
