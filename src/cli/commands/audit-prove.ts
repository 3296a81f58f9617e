import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { ProveOptions } from '../../installation/prove-event.js';
import { wholeNumber, type Io } from '../io.js';

const load = () => import('../../installation/prove-event.js');

/** A proof about one event, for somebody who does not get the whole log. */
export function proveCommands(audit: Command, { print }: Io): void {
  audit
    .command('prove')
    .description('write the proof that one event stands in the audit log, under a signed checkpoint')
    .argument('<seq>', 'number of the event', wholeNumber)
    .argument('<file>', 'file to write')
    .option('--file <export>', 'an exported file; without it, the database of this installation')
    .option(
      '--checkpoints <path>',
      'a file of checkpoints, or a folder of such files; default checkpoints.txt in the home',
    )
    .option('--keys <file>', 'public keys of authority; default keys/grant-public.json in the home')
    .action(async (seq: number, file: string, options: ProveOptions) => {
      const proof = await (await load()).proveEvent(seq, options);
      writeFileSync(file, `${JSON.stringify(proof)}\n`, { flag: 'wx' });
      print({ file, seq }, `The proof of event ${seq} was written to ${file}.`);
    });
  audit
    .command('verify-proof')
    .description('verify a proof about one event; needs nothing but the public keys')
    .argument('<proof>', 'file that `fixpoint audit prove` wrote')
    .option('--keys <file>', 'public keys of authority; default keys/grant-public.json in the home')
    .addHelpText('after', '\nExit code: 0 the event stands in the log that was signed, 1 the proof does not show that.')
    .action(async (file: string, options: Pick<ProveOptions, 'keys'>) => {
      const shown = await (await load()).verifyProof(file, options);
      print(
        shown ?? null,
        shown
          ? `Event ${shown.seq}, written by ${shown.writer}, stands in the signed log:\n${shown.event}`
          : 'The proof does NOT show that its event stands in the signed log.',
      );
      process.exitCode = shown ? 0 : 1;
    });
}
