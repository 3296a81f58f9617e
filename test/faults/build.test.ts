import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { BOUNDARIES, NO_BOUNDARIES } from './build/boundaries.js';
import { makeBuild, mutate } from './build/build.js';
import { instrument } from './build/instrument.js';
import { rareLives } from './drive/rare.js';
import { LEADS, PUSHED } from './drive/steer.js';
import { MUTANTS } from './mutants/index.js';
import { ELSEWHERE } from './sets/points.js';
import { SCENES } from './sets/scenes.js';

const directory = mkdtempSync('/tmp/fxi-');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the instrumented build', () => {
  it('puts a fail point before and after a call, in the order in which they are reached', () => {
    const text = 'export async function f(relay: any) { return relay.chain(await Promise.resolve(2)); }';
    const { code, points } = instrument(text, 'x.ts', './points.js');
    expect(points.map(({ name }) => name)).toEqual(['x.ts:f:relay.chain:before', 'x.ts:f:relay.chain:after']);
    expect(code).toContain(
      '(__failPoint.before("x.ts:f:relay.chain:before"), __failPoint.after("x.ts:f:relay.chain:after", relay.chain(',
    );
  });

  it('gives a second call of one kind in one function another name', () => {
    const { points } = instrument('function f(relay: any) { relay.chain(1); relay.chain(2); }', 'x.ts', './points.js');
    expect(points.map(({ name }) => name)).toContain('x.ts:f:relay.chain#2:before');
  });

  it('classifies every method of every port as a boundary or none', () => {
    const methods = readdirSync(join(INSTALL_ROOT, 'src/ports')).flatMap((file) =>
      portMethods(join(INSTALL_ROOT, 'src/ports', file)),
    );
    const calls = new Set(BOUNDARIES.map(({ call }) => call));
    const unknown = methods.filter((name) => !NO_BOUNDARIES.includes(name) && !calls.has(name.split('.')[1] ?? ''));
    expect(unknown).toEqual([]);
    expect(NO_BOUNDARIES.filter((name) => !methods.includes(name))).toEqual([]);
  });

  it('covers every kind of boundary in the code, each with a unique name, and changes no file of the product', () => {
    const before = readFileSync(join(INSTALL_ROOT, 'src/usecases/run-job.ts'), 'utf8');
    const { points } = makeBuild({ directory: join(directory, 'b') });
    const names = points.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(points.map(({ kind }) => kind))).toEqual(
      new Set(['commit', 'enqueue', 'spawn', 'send', 'acknowledge']),
    );
    expect(names.length).toBeGreaterThan(100);
    // What the command line does is done by no process that is killed.
    expect(names.filter((name) => /^src\/(cli|installation|usecases\/author)\//.test(name))).toEqual([]);
    // A function that gets another name is still where its scene expects a crash.
    const armed = Object.values(SCENES).flatMap((scene) => scene.armed ?? []);
    expect(armed.filter(({ points: wanted }) => !wanted.some((name) => names.includes(name)))).toEqual([]);
    // A point that another test plays is still left out here.
    expect(Object.keys(ELSEWHERE).filter((call) => !names.includes(`${call}:before`))).toEqual([]);
    // A file that gets another name is still led to.
    const words = [...LEADS.flatMap(([each]) => each), ...Object.values(PUSHED).flat()];
    expect(words.filter((word) => !names.some((name) => name.includes(word)))).toEqual([]);
    const lives = Object.keys(rareLives(directory));
    expect(LEADS.flatMap(([, ways]) => ways).filter((life) => !lives.includes(life))).toEqual([]);
    expect(existsSync(join(directory, 'b/src/processes/api.js'))).toBe(true);
    expect(readFileSync(join(INSTALL_ROOT, 'src/usecases/run-job.ts'), 'utf8')).toBe(before);
  });
});

describe('a mutant', () => {
  it('is refused unless its text occurs exactly once', () => {
    const mutant = { name: 'm', edits: [{ file: 'f', find: 'a', replace: 'b' }] };
    expect(mutate('xay', 'f', mutant)).toBe('xby');
    expect(() => mutate('aa', 'f', mutant)).toThrow('2 times');
    expect(() => mutate('x', 'f', mutant)).toThrow('0 times');
  });

  it('has a name and a scene, and its text is still in the code', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.filter(({ scene }) => SCENES[scene] === undefined)).toEqual([]);
    for (const mutant of MUTANTS) {
      for (const { file } of mutant.edits) {
        const text = readFileSync(join(INSTALL_ROOT, file), 'utf8');
        expect(mutate(text, file, mutant)).not.toBe(text);
      }
    }
  });
});

/** `<port>.<method>` of the interfaces of records and processes; pure values and parts without effects are left out. */
function portMethods(path: string): string[] {
  const pure = [
    'Credentials',
    'GrantVerifier',
    'GrantSigner',
    'ValueChecker',
    'PeopleSource',
    'RightsSource',
    'RunbookFolders',
  ];
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .flatMap(({ name, members }) =>
      pure.includes(name.text)
        ? []
        : members.filter(ts.isMethodSignature).map((member) => `${name.text}.${(member.name as ts.Identifier).text}`),
    );
}
