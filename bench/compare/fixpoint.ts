import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lineByLine, type Way } from './way.js';

/** The product: one rollout over the servers, measured from the decision that approves it to the last proof. */
export const FIXPOINT: Way = {
  name: 'Fixpoint, from the approval of a rollout to its last proof',
  atOnce: 4,
  contacts: ['first', 'later'],
  async start({ directory, identityFile, all }, slots, controller) {
    const setup = join(directory, 'fixpoint.json');
    writeFileSync(setup, JSON.stringify({ slots, identityFile, targets: all }));
    const side = fileURLToPath(new URL('fixpoint-side.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', side, setup], { stdio: ['pipe', 'pipe', 'inherit'] });
    controller.enter(child.pid);
    const say = lineByLine(child, 'fixpoint');
    const ask = (asked: object) => say(JSON.stringify(asked));
    await say('');
    return {
      async round(targets, text, contact, measured) {
        if (contact === 'first') await ask({ what: 'forget' });
        const plan = () => ask({ what: 'plan', targets, text });
        await (contact === 'first' ? measured(plan, 'plan') : plan());
        if (contact === 'first') await ask({ what: 'forget' });
        await measured(async () => {
          await ask({ what: 'run' });
        });
      },
      async stop() {
        const ended = once(child, 'exit');
        child.stdin.write('{"what":"stop"}\n');
        await ended;
      },
    };
  },
};
