import { CommanderError, InvalidArgumentError, type Argument, type Command, type Option } from 'commander';
import type { Client } from './api/client.js';
import { clientFromEnvironment } from './api/sign-in.js';
import type { Job } from './api/types.js';
import { jobLines } from './job-text.js';
import { visibleJson } from './print.js';
import { say } from './say.js';

/** What every command shares: who signs in, how things are printed. */
export interface Io {
  readonly asJson: () => boolean;
  readonly client: () => Client;
  /** JSON where it was asked for, else the text. */
  readonly print: (data: unknown, text: string) => void;
  readonly showJob: (job: Job) => void;
}

export function ioOf(program: Command): Io {
  const asJson = () => program.opts<{ json?: boolean }>().json === true;
  const print = (data: unknown, text: string) => say(asJson() ? visibleJson(data, 2) : text);
  return {
    asJson,
    print,
    client: () => clientFromEnvironment(program.opts<{ as?: string }>().as),
    showJob(shown) {
      print(shown, jobLines(shown));
    },
  };
}

/** A whole number above zero from the command line. @throws InvalidArgumentError (usage) */
export function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('Not a whole number above zero.');
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * A time, or how long ago: `30m`, `2h`, `3d`. A time without a zone is UTC, as every time that is printed. Returns an RFC 3339 time.
 * @throws InvalidArgumentError (usage), also for a day or an hour that does not exist
 */
export function sinceTime(text: string): string {
  const [, count, unit = ''] = /^([1-9][0-9]{0,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(Date.now() - Number(count) * (UNITS[unit] ?? 0)).toISOString();
  const [, day, minute = '00:00', second = ':00', zone = 'Z'] = TIME.exec(text) ?? [];
  const wall = new Date(`${day}T${minute}${second}Z`);
  const at = new Date(`${day}T${minute}${second}${zone.toUpperCase()}`);
  // A day that does not exist, such as February 30, would become another one.
  const exists = !Number.isNaN(at.getTime()) && wall.toISOString().startsWith(`${day}T${minute}`);
  if (!exists)
    throw new InvalidArgumentError('Not a time: write 30m, 2h, 3d, 2026-01-31 or 2026-01-31T08:00:00Z (UTC).');
  return at.toISOString();
}

/** A JSON object from the command line. @throws CommanderError (usage) for anything else. */
export function parseObject(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new CommanderError(2, 'fixpoint.json', `not a JSON object: ${text.slice(0, 80)}`);
  }
  return parsed as Record<string, unknown>;
}

/** Names the values of an option or argument in help, reference and completion; its own parser judges them. */
export function offering<T extends Argument | Option>(of: T, values: readonly string[]): T {
  of.argChoices = [...values];
  return of;
}

/** For an option that may be repeated. */
export const collect = (text: string, known: readonly string[] = []): readonly string[] => [...known, text];
