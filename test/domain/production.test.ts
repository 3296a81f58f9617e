import { describe, expect, it } from '@jest/globals';
import { isCode } from '../../src/domain/codes/index.js';
import { PARTS, productionProblems, type PathFacts, type ProductionFacts } from '../../src/domain/production.js';

const SAFE: ProductionFacts = {
  viewer: 'worker',
  uid: 991,
  sameUser: [],
  owners: { grantKey: 992 },
  inEnvironment: [],
  missing: [],
  superfluous: [],
  redisWithoutPassword: false,
  paths: [],
};
const path = (more: Partial<PathFacts>): PathFacts => ({
  ...{ setting: 'FIXPOINT_PEOPLE', path: '/etc/fixpoint/people.json', purpose: 'trusted', mode: 0o644 },
  ...{ mayRead: true, mayWrite: false },
  ...more,
});
const codes = (more: Partial<ProductionFacts>) => productionProblems({ ...SAFE, ...more }).map(({ code }) => code);

describe('production', () => {
  it('refuses nothing in a safe set-up', () => {
    const paths = [
      path({}),
      path({ purpose: 'secret', mode: 0o600, mayWrite: true }),
      path({ purpose: 'secret', mode: 0o700, mayWrite: true }),
      path({ purpose: 'foreign', mode: 0o600, mayRead: false }),
      path({ purpose: 'own', mode: 0o644, mayWrite: true }),
      path({ purpose: 'above', mode: 0o755, mayWrite: true }),
      path({ purpose: 'above-trusted', mode: 0o755 }),
    ];
    for (const viewer of [...PARTS, 'administrator'] as const)
      expect(productionProblems({ ...SAFE, viewer, paths })).toEqual([]);
  });

  it('names every problem at once, each with a code of the table and what it is about', () => {
    const problems = productionProblems({
      ...SAFE,
      uid: 0,
      inEnvironment: ['REDIS_URL', 'PGPASSWORD'],
      missing: ['FIXPOINT_WORKER_DATABASE_URL_FILE'],
      superfluous: ['DATABASE_URL'],
      redisWithoutPassword: true,
      paths: [path({ mode: 0o664 }), path({ purpose: 'secret', mode: 0o640 })],
    });
    expect(problems).toEqual([
      { code: 'user-is-root', detail: 'worker' },
      { code: 'database-embedded', detail: 'FIXPOINT_WORKER_DATABASE_URL_FILE' },
      { code: 'redis-url-without-password', detail: 'REDIS_URL' },
      { code: 'secret-in-environment', detail: 'REDIS_URL' },
      { code: 'secret-in-environment', detail: 'PGPASSWORD' },
      { code: 'secret-of-another-part', detail: 'DATABASE_URL' },
      { code: 'file-writable', detail: 'FIXPOINT_PEOPLE: /etc/fixpoint/people.json has mode 664' },
      { code: 'file-permissions', detail: 'FIXPOINT_PEOPLE: /etc/fixpoint/people.json has mode 640' },
    ]);
    expect(problems.every(({ code }) => isCode(code))).toBe(true);
  });

  describe('takes a user for itself', () => {
    it.each(PARTS)('refuses %s as root', (viewer) => expect(codes({ viewer, uid: 0 })).toEqual(['user-is-root']));

    it('says nothing of a system without user numbers', () => expect(codes({ uid: undefined })).toEqual([]));

    it('refuses a part beside another one of the same user, and names both', () =>
      expect(productionProblems({ ...SAFE, sameUser: [{ part: 'authority', pid: 17 }] })).toEqual([
        { code: 'user-shared', detail: 'worker and authority (process 17) run as user 991' },
      ]));

    it('refuses a command that starts every part as one user', () =>
      expect(codes({ viewer: 'supervisor', uid: 0 })).toEqual(['user-shared']));

    it('finds one owner of the private grant key and the credentials file', () => {
      const viewer = 'administrator';
      expect(codes({ viewer, uid: 0, owners: { grantKey: 7, credentials: 7 } })).toEqual(['user-shared']);
      expect(codes({ viewer, owners: { grantKey: 0, credentials: 0 } })).toEqual(['user-shared']);
      expect(codes({ viewer, owners: { grantKey: 7, credentials: 8 } })).toEqual([]);
      expect(codes({ viewer, owners: { grantKey: 7 } })).toEqual([]);
      expect(codes({ viewer, owners: {} })).toEqual([]);
    });

    it('leaves owners to whoever administers the machine', () =>
      expect(codes({ viewer: 'worker', owners: { grantKey: 7, credentials: 7 } })).toEqual([]));
  });

  describe('judges a file by its purpose', () => {
    it.each([
      ['a secret that its group may read', 'secret', 0o640, ['file-permissions']],
      ['a secret that its group may write', 'secret', 0o620, ['file-permissions']],
      ['a secret that others may read', 'secret', 0o604, ['file-permissions']],
      ['a home that others may list', 'secret', 0o755, ['file-permissions']],
      ['a home that others may enter', 'secret', 0o711, ['file-permissions']],
      ['a trusted file that anybody may read', 'trusted', 0o444, []],
      ['a trusted file that its group may write', 'trusted', 0o664, ['file-writable']],
      ['a trusted file that others may write', 'trusted', 0o646, ['file-writable']],
      ['an own file that others may write', 'own', 0o646, ['file-writable']],
      ['an own file that is sticky and open', 'own', 0o1666, ['file-writable']],
      ['a folder above that others may write', 'above', 0o777, ['file-writable']],
      ['a folder above that is sticky', 'above', 0o1777, []],
      ['a folder above a trusted file that its group may write', 'above-trusted', 0o775, ['file-writable']],
      ['a folder above a trusted file that is sticky', 'above-trusted', 0o1777, []],
    ] as const)('%s', (_, purpose, mode, expected) =>
      expect(codes({ paths: [path({ purpose, mode })] })).toEqual(expected),
    );

    it('a credential of systemd may show the right of its access list, and no more', () => {
      const of = (mode: number) => codes({ paths: [path({ purpose: 'secret', mode, isCredential: true })] });
      expect(of(0o440)).toEqual([]);
      for (const mode of [0o460, 0o450, 0o444, 0o442, 0o441]) expect(of(mode)).toEqual(['file-permissions']);
    });

    it.each(['trusted', 'above-trusted'] as const)('what is %s may be written by no part', (purpose) => {
      const paths = [path({ purpose, mayWrite: true })];
      for (const viewer of PARTS)
        expect(productionProblems({ ...SAFE, viewer, paths })).toEqual([
          {
            code: 'file-writable',
            detail: 'FIXPOINT_PEOPLE: /etc/fixpoint/people.json can be written by this process',
          },
        ]);
      expect(codes({ viewer: 'administrator', paths })).toEqual([]);
    });

    it('a secret of another part may be neither read nor written', () => {
      const of = (mayRead: boolean, mayWrite: boolean) =>
        productionProblems({ ...SAFE, paths: [path({ purpose: 'foreign', mayRead, mayWrite })] });
      expect(of(false, false)).toEqual([]);
      expect(of(true, false)).toMatchObject([
        { code: 'secret-of-another-part', detail: expect.stringContaining('can be read by this process') },
      ]);
      expect(of(false, true)).toMatchObject([
        { code: 'secret-of-another-part', detail: expect.stringContaining('can be written by this process') },
      ]);
    });
  });
});
