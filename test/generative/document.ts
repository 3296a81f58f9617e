import type { Action } from '../../src/domain/policy/actions.js';

/** A JSON schema as the document shows it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Described {
  readonly 'x-action': Action;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** The OpenAPI document that the product serves. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of the document. */
export interface Operation {
  /** Method and path, such as `GET /v1/jobs/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly action: Action;
  readonly parameters: readonly Parameter[];
  /** Schema of the body; undefined where the operation has none. */
  readonly body?: Schema;
  readonly responses: Described['responses'];
  /** Whether its success is a stream of events that ends with its reader only. */
  readonly streams: boolean;
  /** Whether it asks for an Idempotency-Key. */
  readonly creates: boolean;
}

export function operationsOf(document: Document): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]): Operation => {
      const { parameters = [], requestBody, responses } = described;
      const body = requestBody?.content['application/json']?.schema;
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        action: described['x-action'],
        parameters,
        ...(body ? { body } : {}),
        responses,
        streams: Object.values(responses).some(({ content }) => content?.['text/event-stream'] !== undefined),
        creates: parameters.some(({ name }) => name === 'Idempotency-Key'),
      };
    }),
  );
}

/** The schema behind a reference. */
export function resolved(document: Document, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (!found) throw new Error(`the document has no ${schema.$ref}`);
  return resolved(document, found);
}
