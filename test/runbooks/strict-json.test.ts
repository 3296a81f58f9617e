import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/domain/digest.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { Session } from '../../src/ports/powershell-host.js';
import { aHost } from '../support/hosts.js';

// The reader of the module user-session, beside that of JavaScript: both take the same texts for the same values.

const script = (name: string, text: string) => ({ name, text, sha256: sha256(text) });
const path = '_modules/user-session/read-json.ps1';
const MODULE = script(path, readFileSync(join(INSTALL_ROOT, 'runbooks', path), 'utf8'));
const PHASE = script(
  'read',
  `[CmdletBinding()] param($Parameters)
foreach ($text in $Parameters.texts) {
    try {
        $value = ConvertFrom-StrictJson -Text $text -MaxDepth 16
        # What leaves a phase has a depth of its own.
        if ($text.StartsWith('[[[', 'Ordinal')) { $value = 'deep' }
        [ordered]@{ value = $value }
    } catch { [ordered]@{ why = "$($_.Exception.Message)" } }
}`,
);
const { host, close } = aHost();
let session: Session;
beforeAll(async () => {
  const opened = await host.open({ kind: 'local' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  session = opened.value;
});
afterAll(async () => {
  await session.close();
  await close();
});

async function readAll(texts: readonly string[]): Promise<readonly unknown[]> {
  const parameters = { Parameters: { texts: [...texts] } };
  const ran = await session.runPhase({ script: PHASE, modules: [MODULE], parameters, timeoutMs: 600_000 });
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.output;
}

it('takes what JSON allows, for the same value', async () => {
  const texts = [
    ...['null', 'true', 'false', '0', '-0.5', '12', '1.5e3', '-1E-2', '9007199254740991', '""', '"a"', ' [ ] ', '{}'],
    ...['[1,[2,[]],{}]', '{"a":{"b":[null,true,"x"]},"c":""}', '\t{ "a" : [ 1 , 2 ] }\r\n', '[[],[[]],{"a":[]}]'],
    ...['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9"', '"\\ud83d\\ude00"', '"日本😀"', '"\u007f\u2028"', '{"\\u0061":1}'],
    `${'['.repeat(16)}${']'.repeat(16)}`,
    JSON.stringify({ long: 'x\n'.repeat(20_000), many: Array.from({ length: 500 }, (_, i) => ({ i })) }),
  ];
  const read = await readAll(texts);
  expect(read).toEqual(
    texts.map((text) => ({ value: text.startsWith('[[[') ? 'deep' : (JSON.parse(text) as unknown) })),
  );
});

it('refuses everything else', async () => {
  const texts = [
    ...['', ' ', 'nul', 'True', 'nullx', 'undefined', 'NaN', 'Infinity', "'a'", '"', '"a', 'a"', '"\\x"', '"\\u12"'],
    ...['"\n"', '"\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '01', '+1', '1.', '.5', '1e', '--1', '0x1', '1_0', '- 1'],
    ...[
      '[',
      ']',
      '[1',
      '[1,]',
      '[,1]',
      '[1 2]',
      '[1:2]',
      '{',
      '}',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{,}',
      '{1:2}',
      '{a:1}',
    ],
    ...[
      '{"a":1 "b":2}',
      '{"a":1]',
      '[1}',
      '[}',
      '{]',
      '{"a":1,"a":2}',
      '1 2',
      '[] []',
      '{} x',
      '[1]//',
      '/**/1',
      ':',
      ',',
    ],
    ...['1e999', '\u00a01', '\ufeff1', `${'['.repeat(17)}${']'.repeat(17)}`, '['.repeat(50_000)],
  ];
  const read = await readAll(texts);
  expect(read).toHaveLength(texts.length);
  expect(texts.filter((_, i) => !('why' in (read[i] as object)))).toEqual([]);
});
