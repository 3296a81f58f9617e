import type { Command } from 'commander';
import { keyOptions } from '../sign-decision.js';
import type { Asking } from './ask-for-targets.js';

/** The options for the case that two people change the inventory, apart from those of the target. */
export function split<T extends Asking>(all: T) {
  const { reason, digest, key, passphraseFile, ...options } = all;
  const given = Object.entries({ reason, digest, key, passphraseFile }).filter(([, value]) => value !== undefined);
  return { asking: Object.fromEntries(given) as Asking, options };
}

/** What a command that changes the inventory takes for the case that two people change it. */
export const askingOptions = (command: Command): Command =>
  keyOptions(
    command
      .option('--reason <text>', 'why; needed in production, where another person confirms it')
      .option('--digest <digest>', 'ask without a question, if what is asked for has this digest'),
  );
