import type { Client } from './api/client.js';
import type { JobStreamEvent } from './api/types.js';
import { visible, visibleJson } from './print.js';
import { say } from './say.js';

/** Prints the events of a job until it ends; on stderr, when the connection breaks and when it is back. */
export async function watchJob(client: Client, id: string, asJson: boolean): Promise<void> {
  await client.follow(
    '/v1/jobs/{id}/events',
    { path: { id } },
    {
      take: (event) => say(asJson ? jsonLine(event) : textLine(event)),
      lost: (delayMs) =>
        console.error(`The connection to ${client.url} was lost. Trying again in ${(delayMs / 1000).toFixed(1)} s.`),
      resumed: () => console.error('Connected again.'),
    },
  );
}

const jsonLine = ({ event, data }: JobStreamEvent): string => visibleJson({ event, ...data });

function textLine(item: JobStreamEvent): string {
  switch (item.event) {
    case 'state':
      return `${item.data.at}  ${item.data.state} ${item.data.facts.map(visible).join(', ')}`.trimEnd();
    case 'record':
      return `${item.data.at}  ${item.data.stream}: ${visible(item.data.text)}`;
    case 'end':
      return `The job has ended: ${item.data.state}.`;
  }
}
