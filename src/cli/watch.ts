import type { Client } from './api/client.js';
import type { JobStreamEvent } from './api/types.js';
import { endedBadly, whyLines } from './job-end.js';
import { visible, visibleJson } from './print.js';
import { say } from './say.js';

/**
 * Prints the events of a job until it ends, and why where it ended without what it was for; on stderr, when the connection breaks and
 * when it is back. @returns whether it has done what it was for
 */
export async function watchJob(client: Client, id: string, asJson: boolean): Promise<boolean> {
  let end: (JobStreamEvent & { readonly event: 'end' })['data']['state'] = 'gone';
  await client.follow(
    '/v1/jobs/{id}/events',
    { path: { id } },
    {
      take(event) {
        if (event.event === 'end') end = event.data.state;
        say(asJson ? jsonLine(event) : textLine(event));
      },
      lost: (delayMs) =>
        console.error(`The connection to ${client.url} was lost. Trying again in ${(delayMs / 1000).toFixed(1)} s.`),
      resumed: () => console.error('Connected again.'),
    },
  );
  const isGood = !endedBadly(end);
  if (!isGood && !asJson && end !== 'gone')
    for (const line of whyLines(await client.get('/v1/jobs/{id}', { path: { id } }))) say(line);
  return isGood;
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
