import type { Command } from 'commander';
import { usage } from './terminal.js';

/** Options whose empty value means something: `--tag ""` takes the tags away. */
const MAY_BE_EMPTY = ['tag'];

/**
 * Refuses a command with an argument or an option that is empty. An empty text is a variable of a script that was not set: as a filter
 * it would fit everything, and as a name in an address it would name the whole list.
 * @throws CommanderError (usage)
 */
export function refuseEmptyValues(command: Command): void {
  command.registeredArguments.forEach((argument, i) => {
    const given: unknown = command.processedArgs[i];
    if (isEmpty(given)) throw usage(`The argument <${argument.name()}> is empty.`);
  });
  for (const option of command.options) {
    const name = option.attributeName();
    if (!MAY_BE_EMPTY.includes(name) && isEmpty(command.getOptionValue(name)))
      throw usage(`The option ${option.long ?? option.flags} is empty. Give it a value, or leave it out.`);
  }
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isEmpty) : typeof value === 'string' && value.trim() === '';
