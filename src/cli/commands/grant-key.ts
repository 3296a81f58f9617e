import type { Command } from 'commander';
import type { Io } from '../io.js';
import { table, visible } from '../print.js';
import { usage } from '../terminal.js';

const AFTER =
  'Copy that file to every other machine of the installation, then restart every process: docs/guides/grant-key.md';

/** The key with which authority signs; for whoever runs the machine of authority. */
export function grantKeyCommands(program: Command, { print }: Io): void {
  const grantKey = program
    .command('grant-key')
    .description('the key with which authority signs, on its machine; the product does not run meanwhile');
  grantKey
    .command('list')
    .description('list the pinned public keys, the oldest first')
    .action(async () => {
      const { grantKeys } = await import('../../installation/grant-keys.js');
      const items = await grantKeys();
      const rows = items.map(({ kid, status, lastEvent }) => [
        kid,
        status,
        lastEvent === undefined ? '' : `${lastEvent}`,
      ]);
      print({ items }, table([['KEY', 'STATUS', 'LAST EVENT'], ...rows]));
    });
  grantKey
    .command('new')
    .description(
      'make a new private key in the place of the one there is; what that one signed counts on, until you revoke it',
    )
    .action(async () => {
      const { renewGrantKey } = await import('../../installation/grant-keys.js');
      const { kid, written } = renewGrantKey();
      print(
        { kid, written },
        `authority signs with ${kid} from its next start.\nPinned in ${visible(written.join(' and '))}.\n${AFTER}`,
      );
    });
  grantKey
    .command('revoke')
    .description('revoke a key that somebody else may have: nothing that it signed lets anything run any more')
    .argument('<key>', 'id of a key: fixpoint grant-key list')
    .option(
      '--checkpoints <file>',
      'checkpoints that were kept elsewhere before: the audit log is trusted up to the newest',
    )
    .option('--trust-nothing', 'trust no signature of the key, in the audit log neither')
    .action(async (kid: string, { checkpoints, trustNothing }: { checkpoints?: string; trustNothing?: true }) => {
      if ((checkpoints === undefined) !== (trustNothing === true))
        throw usage('Name the checkpoints that were kept elsewhere with --checkpoints, or add --trust-nothing.');
      const { revokeGrantKey } = await import('../../installation/grant-keys.js');
      const { lastEvent, written } = await revokeGrantKey(kid, checkpoints);
      print(
        { kid, lastEvent, written },
        `The grant key ${visible(kid)} is revoked. The audit log is trusted up to event ${lastEvent}.\nWritten to ${visible(written.join(' and '))}.\n${AFTER}`,
      );
    });
}
