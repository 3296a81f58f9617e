import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sha256 } from '../../src/domain/digest.js';
import type { Value } from '../../src/domain/canonical.js';
import type {
  PhaseResult,
  PhaseRun,
  Place,
  PowerShellHost,
  Session,
  StreamRecord,
} from '../../src/ports/powershell-host.js';
import { HANGS_MS } from '../support/patience.js';

const script = (text: string) => ({ name: 'test', text, sha256: sha256(text) });
const PARAM = '[CmdletBinding()] param($Parameters)\n';

/** Texts that have broken a quoting, a parser, a protocol or a comparison somewhere. */
const HOSTILE = [
  `' " \``,
  '$(1+1)',
  "'; Remove-Item /; '",
  '\u2018\u2019\u201a\u201b\u201c\u201d\u201e',
  'a\r\nb\nc',
  'nul\0here',
  '\u0001\u001f',
  '_x000A_',
  ']]>',
  '-Force',
  '中文 \u{1f600}',
  'ad\u00admin',
  'e\u0301',
  '\u00e9',
  '\u200b',
  '\uff21',
  '\ufffe',
  '',
  ' ',
  '@{a=1}',
  '%TEMP%',
  '*?[a]',
  '<Obj/>',
];

/** What every engine and every place must do. `place` makes a place anew for each session. */
export function powerShellHostContract(
  name: string,
  setUp: () => Promise<{ host: PowerShellHost; place: () => Place; icu?: true; tearDown: () => Promise<void> }>,
): void {
  describe(name, () => {
    let parts: Awaited<ReturnType<typeof setUp>>;
    let session: Session;
    const run = (
      text: string,
      more: Partial<PhaseRun> = {},
      onRecord?: (record: StreamRecord) => void,
      signal?: AbortSignal,
    ): Promise<PhaseResult> =>
      session.runPhase(
        { script: script(text), modules: [], parameters: { Parameters: {} }, timeoutMs: HANGS_MS, ...more },
        onRecord,
        signal,
      );
    const output = async (text: string, parameters: Value = {}): Promise<readonly Value[]> => {
      const result = await run(PARAM + text, { parameters: { Parameters: parameters } });
      if (!result.ok) throw new Error(JSON.stringify(result.failure));
      return result.output;
    };
    const open = async (): Promise<Session> => {
      const opened = await parts.host.open(parts.place());
      if (!opened.ok) throw new Error(JSON.stringify(opened.error));
      return opened.value;
    };
    beforeAll(async () => {
      parts = await setUp();
      session = await open();
    });
    afterAll(async () => {
      await session?.close();
      await parts?.tearDown();
    });

    it('says what it is', () => {
      expect(session.remote).toMatchObject({
        psVersion: expect.stringMatching(/^7\.[6-9]/),
        languageMode: 'FullLanguage',
      });
      expect(Math.abs(session.remote.clockOffsetMs)).toBeLessThan(2000);
    });

    it('takes and gives every hostile text as data, unchanged', async () => {
      expect(await output('$Parameters.texts | ForEach-Object { $_ }', { texts: HOSTILE })).toEqual(HOSTILE);
    });

    it('takes and gives a megabyte', async () => {
      const text = 'é"$(x)`'.repeat(100_000);
      expect(
        await output('[string]::Equals($Parameters.text, $Parameters.again); $Parameters.text.Length', {
          text,
          again: text,
        }),
      ).toEqual([true, text.length]);
    });

    test.each<[string, Value]>([
      ['no items', []],
      ['one item', [1]],
      ['two items', [1, 2]],
      ['nested lists', [[], [[1]], [1, [2]]]],
      ['null among items', [null, 1]],
      ['an empty object', {}],
      ['members in order', { b: 1, a: 2, z: { y: [] } }],
      ['a fraction', 1.5],
      ['the largest integer', 9007199254740991],
      ['true', true],
      ['what looks like a date', '2026-01-01T00:00:00.000Z'],
    ])('brings %s there and back', async (_, value) => {
      expect(await output('[ordered]@{ v = $Parameters.v }', { v: value })).toEqual([{ v: value }]);
    });

    it('gives phases the types they count on', async () => {
      const types = await output(
        '$Parameters.i.GetType().Name; $Parameters.f.GetType().Name; $Parameters.l.GetType().Name; $Parameters.s.GetType().Name; $null -eq $Parameters.n',
        { i: 1, f: 1.5, l: [1], s: 'x', n: null },
      );
      expect(types).toEqual(['Int64', 'Double', 'Object[]', 'String', true]);
    });

    it('gives nothing, one and several results as lists', async () => {
      expect(await output('foreach ($i in @()) { $i }')).toEqual([]);
      expect(await output('1')).toEqual([1]);
      expect(await output('1; 2')).toEqual([1, 2]);
    });

    test.each([
      ['a date', '[datetime]::UtcNow', 'DateTime'],
      ['a guid', '[guid]::NewGuid()', 'Guid'],
      ['an enum', "[IO.FileMode]'Open'", ''],
      ['a character', "[char]'a'", 'Char'],
      ['bytes', ', [byte[]]@(1,2)', ''],
      ['a version', "[version]'1.2'", 'Version'],
      ['a script block', '{ 1 }', ''],
      ['a live object', '[IO.DirectoryInfo]::new("/")', 'DirectoryInfo'],
      ['not a number', '[double]::NaN', 'not a finite number'],
      ['an integer beyond 2^53-1', '[long]9007199254740992', '2^53'],
      ['a lone surrogate', '"a$([char]0xD800)"', 'surrogate'],
      ['nine levels', '$x = 1; foreach ($i in 1..10) { $x = @{ a = $x } }; $x', 'deeper than 8'],
    ])('refuses %s as output', async (_, text, why) => {
      const result = await run(`${PARAM}${text}`);
      // Remoting turns a script block and an enum into text and number on the way: then it is a plain value.
      if (result.ok) expect(['a script block', 'an enum', 'a lone surrogate', 'bytes']).toContain(_);
      else {
        expect(result.failure.kind).toBe('malformed-output');
        expect('detail' in result.failure && result.failure.detail).toContain(why);
      }
    });

    it('compares texts unit by unit where the comparison is named, and has the invariant culture', async () => {
      const text = `$a = 'admin'; $b = "ad$([char]0xAD)min"
        [string]::Equals($a, $b, 'Ordinal'); [string]::Equals($a, $b, 'OrdinalIgnoreCase'); $b.StartsWith('adm', 'Ordinal')
        $b.EndsWith('dmin', 'OrdinalIgnoreCase'); $b.IndexOf('adm', [StringComparison]::Ordinal) -ge 0; $b.IndexOf([char]'b') -ge 0; (1.5).ToString(); [cultureinfo]::CurrentCulture.Name`;
      expect(await output(text)).toEqual([false, false, false, false, false, false, '1.5', '']);
    });

    it('has operators that follow ICU where the engine loads it, which the gate therefore refuses for data', async () => {
      const text = `$a = 'admin'; $b = "ad$([char]0xAD)min"; $a -ceq $b; @($a) -ccontains $b; $b.EndsWith('dmin')`;
      const same = parts.icu ?? false;
      expect(await output(text)).toEqual([same, same, same]);
    });

    it('hands over a thrown code, and only a stable one', async () => {
      const code = await run(`${PARAM}throw 'target-ambiguous'`);
      expect(code).toMatchObject({ ok: false, failure: { kind: 'reported', code: 'target-ambiguous' } });
      const text = await run(`${PARAM}throw 'Something else went wrong'`);
      expect(text).toMatchObject({
        ok: false,
        failure: { kind: 'reported', code: 'script-error', error: { message: 'Something else went wrong' } },
      });
    });

    it('ends a phase at the first error, and under strict mode', async () => {
      expect(await run(`${PARAM}Write-Error 'no'; 'went on'`)).toMatchObject({
        ok: false,
        failure: { kind: 'reported', code: 'script-error' },
      });
      expect(await run(`${PARAM}$undefined.x`)).toMatchObject({ ok: false, failure: { kind: 'reported' } });
    });

    it('refuses a parameter that the phase does not have', async () => {
      expect(await run(PARAM, { parameters: { Other: 1 } })).toMatchObject({
        ok: false,
        failure: { kind: 'reported', error: { fullyQualifiedErrorId: 'NamedParameterNotFound' } },
      });
    });

    it('refuses text that is not what its digest names', async () => {
      const result = await run('', { script: { name: 'x', text: '1', sha256: sha256('2') } });
      expect(result).toMatchObject({ ok: false, failure: { kind: 'malformed-output' } });
    });

    it('sends all six streams in order while the phase runs', async () => {
      const records: StreamRecord[] = [];
      const seen: number[] = [];
      const text = `${PARAM}$PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteDebug('d'); $PSCmdlet.WriteInformation('i', [string[]]@()); Write-Progress -Activity 'a' -Status 's' -PercentComplete 40; Start-Sleep -Milliseconds 600; $PSCmdlet.WriteVerbose('late'); 'done'`;
      const result = await run(text, {}, (record) => {
        records.push(record);
        seen.push(Date.now());
      });
      expect(result).toMatchObject({ ok: true, output: ['done'] });
      expect(records.map(({ stream }) => stream)).toEqual(
        expect.arrayContaining(['verbose', 'warning', 'debug', 'information', 'progress']),
      );
      expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
      expect((seen.at(-1) ?? 0) - (seen[0] ?? 0)).toBeGreaterThan(300);
    });

    it('cuts a long record, says so, and bounds what it keeps', async () => {
      const records: StreamRecord[] = [];
      const limits = { recordChars: 10, keptBytes: 25 };
      const result = await run(
        `${PARAM}foreach ($i in 1..5) { $PSCmdlet.WriteVerbose('x' * 20) }`,
        { limits },
        (record) => records.push(record),
      );
      expect(records).toHaveLength(2);
      expect(records[0]).toMatchObject({ text: 'x'.repeat(10), truncated: true });
      expect(result.log.truncated).toBe(true);
    });

    it('stops a flood, bounded', async () => {
      const flood = await run(`${PARAM}while ($true) { $PSCmdlet.WriteVerbose('x' * 1000) }`, {
        limits: { totalBytes: 100_000 },
      });
      expect(flood).toMatchObject({ ok: false, failure: { kind: 'output-limit' } });
      const values = await run(`${PARAM}while ($true) { 'x' * 1000 }`);
      expect(values).toMatchObject({ ok: false, failure: { kind: 'malformed-output' } });
      expect(await output("'still here'")).toEqual(['still here']);
    });

    it('defines a module’s functions once a session', async () => {
      const modules = [script('function Get-Answer { 42 }')];
      expect(await run(`${PARAM}Get-Answer`, { modules })).toMatchObject({ ok: true, output: [42] });
      expect(await run(`${PARAM}Get-Answer`, { modules })).toMatchObject({ ok: true, output: [42] });
    });

    it('hands a credential over as a PSCredential, and only to a phase that asks', async () => {
      const credential = { userName: 'svc', password: `p'"$(x)\u00e9` };
      const asks =
        '[CmdletBinding()] param($Parameters, [pscredential]$Credential) $Credential.UserName; $Credential.GetNetworkCredential().Password';
      expect(await run(asks, { credential })).toMatchObject({ ok: true, output: ['svc', credential.password] });
      expect(await run(`${PARAM}'none'`, { credential })).toMatchObject({ ok: true, output: ['none'] });
    });

    it('keeps nothing of one phase for the next', async () => {
      await output('$leak = 1; $script:leak2 = 2');
      expect(await run(`${PARAM}$leak`)).toMatchObject({ ok: false });
    });

    it('stops on request and goes on', async () => {
      const aborter = new AbortController();
      setTimeout(() => aborter.abort(), 300);
      expect(await run(`${PARAM}while ($true) { }`, {}, undefined, aborter.signal)).toMatchObject({
        ok: false,
        failure: { kind: 'cancelled' },
      });
      expect(await output("'on'")).toEqual(['on']);
    });

    it('ends a phase at its deadline, even one blocked in .NET', async () => {
      const own = await open();
      const text = `${PARAM}[Threading.Thread]::Sleep(3600000)`;
      const result = await own.runPhase({
        script: script(text),
        modules: [],
        parameters: { Parameters: {} },
        timeoutMs: 500,
      });
      expect(result).toMatchObject({ ok: false, failure: { kind: 'timed-out' } });
      // A blocked local call takes the host with it; the next session gets another.
      session = await open();
      expect(await output("'again'")).toEqual(['again']);
    });

    it('tells a lost host from an answer, and starts another', async () => {
      const pid = parts.host.pid;
      if (pid === undefined) throw new Error('no host');
      const running = run(`${PARAM}Start-Sleep -Seconds 3600`);
      setTimeout(() => process.kill(pid, 'SIGKILL'), 300);
      expect(await running).toMatchObject({ ok: false, failure: { kind: 'host-unavailable' } });
      session = await open();
      expect(await output("'again'")).toEqual(['again']);
      expect(parts.host.pid).not.toBe(pid);
    });

    it('keeps what it was started with to itself', () => {
      const environment = readFileSync(`/proc/${parts.host.pid}/environ`, 'utf8');
      const line = readFileSync(`/proc/${parts.host.pid}/cmdline`, 'utf8');
      expect(`${environment}${line}`).not.toMatch(/PASSWORD|TOKEN|DATABASE_URL/);
    });
  });
}
