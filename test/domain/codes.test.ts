import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { CODES, isCode, isPhaseClass, type CodeEntry } from '../../src/domain/codes/index.js';
import { meaningOf, phaseCode, wordsOf, type OwnCodes } from '../../src/domain/codes/lookup.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

const TABLE = Object.entries(CODES as Readonly<Record<string, CodeEntry>>);

/** The files of some folders that end so, outside the table of codes. */
function filesOf(folders: readonly string[], ending: string): { path: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(INSTALL_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => path.endsWith(ending) && !path.startsWith('src/domain/codes/') && !/\/(obj|bin)\//.test(path))
      .map((path) => ({ path, text: readFileSync(join(INSTALL_ROOT, path), 'utf8') })),
  );
}

function matches(files: readonly { path: string; text: string }[], pattern: RegExp): { path: string; code: string }[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ path, code: match[1] ?? match[2] ?? '' })),
  );
}

/** The code of an error in a member of a request (`{ path, code, message }`) names the rule of the schema that it breaks. */
const MEMBER_ERROR = /\bpath(?:: [^,]+)?, code: '[a-z]+'/g;
const typescript = filesOf(['src', 'workers'], '.ts').map(({ path, text }) => ({
  path,
  text: text.replaceAll(MEMBER_ERROR, ''),
}));
const scripts = filesOf(['runbooks', 'examples/runbooks'], '.ps1').map(({ path, text }) => ({
  path,
  text: text.replaceAll(/^\s*#.*$/gm, ''),
}));
const engine = filesOf(['engine'], '.cs');

/** Codes of errors in the members of a value or of the operating system: they name no state of a job and no answer. */
const OF_VALUES = [
  'src/domain/values.ts',
  'src/http/repeated-names.ts',
  'src/adapters/powershell/find-engine.ts',
  'src/adapters/postgres/jobs/job-row.ts',
];
/** Thrown by the module user-session: the product turns the first into `link-lost`; the second is any other error. */
const INTERNAL = ['result-lost', 'script-error'];

const GIVEN =
  /\bcode(?:: \w+)?(?:: | = |: \w+ \? )'([a-z]+(?:-[a-z]+)*)'|(?:finding|blocked|refused|sendProblem\(response, \d+,|RestoreRefused|QueueRefused)\(?\s*'([a-z-]+)'/g;
const KEBAB = "'([a-z]+(?:-[a-z]+)*)'";
const THROWN = new RegExp(`\\bthrow ${KEBAB}|\\$code = ${KEBAB}`, 'g');

/** Whether the manifest beside a script declares a code of its own; its schema allows only classes that a phase may throw. */
function declares(path: string, code: string): boolean {
  const manifest = join(INSTALL_ROOT, dirname(path), 'runbook.yaml');
  if (!existsSync(manifest)) return false;
  const { codes = {} } = parse(readFileSync(manifest, 'utf8')) as { readonly codes?: object };
  return Object.hasOwn(codes, code);
}

describe('the table of codes', () => {
  it.each(TABLE)('has words in both languages and a next step for %s', (_, { en, zhTW, next }) => {
    for (const text of [en, next.en]) expect(text).toMatch(/^\w.*[.…]$/);
    for (const text of [zhTW, next.zhTW]) expect(text).toMatch(/\p{Script=Han}.*[。…]$/u);
  });

  it('holds every code that the product gives', () => {
    const given = matches(
      typescript.filter(({ path }) => !OF_VALUES.includes(path)),
      GIVEN,
    );
    expect(given.length).toBeGreaterThan(50);
    expect(given.filter(({ code }) => !isCode(code))).toEqual([]);
  });

  it.each(['en', 'zhTW'] as const)('gives each code words of its own (%s)', (language) => {
    const words = Object.values(CODES).map((entry) => entry[language]);
    expect(words.filter((text, i) => words.indexOf(text) !== i)).toEqual([]);
  });

  it('holds every code that a runbook throws, in a class that a phase may throw', () => {
    const thrown = matches(scripts, THROWN).filter(
      ({ code, path }) => !INTERNAL.includes(code) && !ofState(path, code),
    );
    expect(thrown.length).toBeGreaterThan(100);
    const known = ({ code, path }: (typeof thrown)[number]) =>
      isCode(code) ? isPhaseClass(CODES[code].class) : declares(path, code);
    expect(thrown.filter((one) => !known(one))).toEqual([]);
  });

  it('holds every code that the engine reports', () => {
    const reported = matches(engine, /\bRefused\("([a-z-]+)"/g);
    expect(reported.length).toBeGreaterThan(2);
    expect(reported.filter(({ code }) => !isCode(code))).toEqual([]);
  });

  it('holds no code that nobody uses', () => {
    const texts = [...typescript, ...scripts, ...engine].map(({ text }) => text).join('\n');
    expect(TABLE.map(([code]) => code).filter((code) => !new RegExp(`['"]${code}['"]`).test(texts))).toEqual([]);
  });
});

/** Values of a state that stand in a variable named like a code. */
function ofState(path: string, code: string): boolean {
  return path.endsWith('enable-sip-user/Detect.ps1') && ['no-sip-address', 'not-set', 'already-enabled'].includes(code);
}

describe('a code of a runbook', () => {
  const own: OwnCodes = {
    'printer-offline': { class: 'deferred', en: 'The printer is off.', next: { en: 'Switch it on.' } },
  };

  it('has the class and the words of the manifest', () => {
    expect(phaseCode('printer-offline', own)).toEqual({ code: 'printer-offline', class: 'deferred' });
    expect(meaningOf('printer-offline', own)).toBe('The printer is off. Switch it on.');
    expect(wordsOf('printer-offline', own)?.zhTW).toBe('The printer is off.');
  });

  it('is script-error where the manifest does not declare it', () => {
    expect(phaseCode('printer-offline', undefined)).toEqual({ code: 'script-error' });
    expect(meaningOf('printer-offline')).toBeUndefined();
  });

  it('cannot be one that only the product gives', () => {
    expect(phaseCode('worker-lost', own)).toEqual({ code: 'script-error' });
  });
});
