// A hostile `Subsystem powershell`: the real engine serves, and what it says of its clock is replaced on the way out.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [engine, text] = process.argv.slice(2);
const child = spawn(engine, ['-sshs', '-NoLogo'], { stdio: ['pipe', 'pipe', 'ignore'] });
process.stdin.pipe(child.stdin);
child.on('exit', () => process.exit(0));

/** Header of a fragment of MS-PSRP: object id, fragment id, flags (3: the only one of its object), length of what follows. */
const HEADER = 21;
const WHOLE = 3;
const DATA = /^<Data Stream='(\w+)' PSGuid='([^']+)'>([^<]*)<\/Data>$/;

createInterface({ input: child.stdout }).on('line', (line) => {
  const [, stream, guid, base64] = DATA.exec(line) ?? [];
  const blob = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  if (blob === undefined || blob[16] !== WHOLE || blob.readUInt32BE(17) !== blob.length - HEADER) return say(line);
  const message = blob.subarray(HEADER + 40).toString('utf8');
  const other = message.replace(/(<S N="Key">now<\/S><S N="Value">)[^<]*/, (_, before) => before + text);
  if (other === message) return say(line);
  const body = Buffer.concat([blob.subarray(HEADER, HEADER + 40), Buffer.from(other)]);
  const header = Buffer.from(blob.subarray(0, HEADER));
  header.writeUInt32BE(body.length, 17);
  say(`<Data Stream='${stream}' PSGuid='${guid}'>${Buffer.concat([header, body]).toString('base64')}</Data>`);
});

function say(line) {
  process.stdout.write(`${line}\n`);
}
