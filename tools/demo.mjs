// npm run demo: everything from a fresh clone to a running product with its laboratory.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CHECKOUT, setUp } from './setup.mjs';

setUp({ laboratory: true });
const child = spawn(process.execPath, [join(CHECKOUT, 'bin', 'fixpoint.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: CHECKOUT,
});
// Ctrl-C reaches the child through the terminal; we only wait for its end.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => (signal === 'SIGTERM' ? child.kill(signal) : undefined));
child.on('exit', (code) => process.exit(code ?? 1));
