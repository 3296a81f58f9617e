import type { Contact } from './way.js';

/** One line of the comparison: medians over the runs, for one server and its job. */
export interface Compared {
  readonly name: string;
  readonly contact: Contact;
  readonly atOnce: number;
  readonly jobsPerSecond: number;
  readonly controllerSeconds: number;
  readonly targetSeconds: number;
  readonly wallSeconds: readonly number[];
}

/** As Markdown: the ratio first, which is how much faster the reference is than the way of the line. */
export function table(lines: readonly Compared[], reference: string): string {
  const rows = (['first', 'later', 'plan'] as const).flatMap((contact) => {
    const own = lines.find((line) => line.name === reference && line.contact === contact);
    return lines
      .filter((line) => line.contact === contact)
      .map((line) => [
        contact,
        line.name,
        own === undefined || line === own ? '' : `${(own.jobsPerSecond / line.jobsPerSecond).toFixed(2)}×`,
        line.jobsPerSecond.toFixed(2),
        line.controllerSeconds.toFixed(2),
        line.targetSeconds.toFixed(2),
        String(line.atOnce),
      ]);
  });
  const head = ['contact', 'way', 'Fixpoint is', 'servers/s', 'controller, s', 'server, s', 'at once'];
  return [head, ['---', '---', '---:', '---:', '---:', '---:', '---:'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
