import type { ValueObject } from './canonical.js';
import type { JsonSchema } from './manifest.js';

/** Stands in the texts of a sandbox case for the path of its new folder. */
export const SANDBOX = '{sandbox}';
/** Stands there for the name of the account that runs the case. */
export const SANDBOX_USER = '{user}';

/** A file that is there before the case begins. */
export interface SandboxFile {
  readonly text: string;
  /** When it was last written; now, where absent. */
  readonly modifiedUtc?: string;
  /** Octal, such as 600. */
  readonly mode?: string;
}

/** A program that runs, waiting, while the case lasts. */
export interface SandboxProcess {
  /** Its executable below the folder: a copy of a program that does nothing but wait. */
  readonly executable: string;
  /** Whether it is started again when it ends, as a service manager does. */
  readonly restarts?: boolean;
}

/** One case of `tests/sandbox.json`: the phases run for real, on files and processes of a new folder of this machine. */
export interface SandboxCase {
  readonly title: string;
  readonly files?: Readonly<Record<string, SandboxFile>>;
  readonly processes?: readonly SandboxProcess[];
  /** `$Parameters`; supplied values that are left out get what a first job has. */
  readonly parameters: ValueObject;
  /** How many changes the first plan has. */
  readonly changes: number;
}

const PATH = {
  type: 'string',
  pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$',
  maxLength: 200,
};

/** The whole file `tests/sandbox.json`. */
export const SANDBOX_CASES: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['title', 'parameters', 'changes'],
    properties: {
      title: { type: 'string', minLength: 1, maxLength: 200 },
      files: {
        type: 'object',
        propertyNames: PATH,
        additionalProperties: {
          type: 'object',
          additionalProperties: false,
          required: ['text'],
          properties: {
            text: { type: 'string', maxLength: 100_000 },
            modifiedUtc: { type: 'string', format: 'date-time' },
            mode: { type: 'string', pattern: '^[0-7]{3}$' },
          },
        },
      },
      processes: {
        type: 'array',
        maxItems: 10,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['executable'],
          properties: { executable: PATH, restarts: { type: 'boolean' } },
        },
      },
      parameters: { type: 'object' },
      changes: { type: 'integer', minimum: 0, maximum: 1000 },
    },
  },
};
