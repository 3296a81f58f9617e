import type { Code } from './codes/index.js';

/** A process of the product that an installation runs as an operating system user of its own. */
export const PARTS = ['api', 'authority', 'relay', 'worker'] as const;
export type Part = (typeof PARTS)[number];

/** Who looks at a set-up: a part at its start, what would start every part as one user, or a person who administers it. */
export type Viewer = Part | 'supervisor' | 'administrator';

/**
 * What a file or a folder is for:
 * - `secret`: for its owner alone;
 * - `foreign`: a secret of another part, which this process must not reach;
 * - `trusted`: decides what runs or who may do what, so no part may write it;
 * - `own`: written by this part, read by anybody;
 * - `above`: a folder on the way to a file that is a secret or its own;
 * - `above-trusted`: a folder on the way to one that is trusted.
 */
export type Purpose = 'secret' | 'foreign' | 'trusted' | 'own' | 'above' | 'above-trusted';

/** A file or a folder that is there, as this process sees it. */
export interface PathFacts {
  /** The setting or the file that names it. */
  readonly setting: string;
  readonly path: string;
  readonly purpose: Purpose;
  /** Permission bits with that of sticky folders. */
  readonly mode: number;
  /** Whether this process may read and write it, whatever its bits say. */
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  /** Whether systemd put it there for this process alone: an access list lets its user read, which shows as the group's bit. */
  readonly isCredential?: boolean;
}

/** What `productionProblems` judges. The reader of these facts decides nothing. */
export interface ProductionFacts {
  readonly viewer: Viewer;
  /** User number of this process; undefined where the system has none. */
  readonly uid: number | undefined;
  /** Other parts that run as this user now, each with its process. */
  readonly sameUser: readonly { readonly part: Part; readonly pid: number }[];
  /** Owners of the private grant key and of the credentials file, where they are on this machine. */
  readonly owners: { readonly grantKey?: number; readonly credentials?: number };
  /** Settings and credentials whose secret is in the environment. */
  readonly inEnvironment: readonly string[];
  /** Settings that name a database or a queue and that this viewer needs but lacks. */
  readonly missing: readonly string[];
  /** Settings with a secret of another part. */
  readonly superfluous: readonly string[];
  /** Whether REDIS_URL names no password; false where there is none. */
  readonly redisWithoutPassword: boolean;
  readonly paths: readonly PathFacts[];
}

/** One thing that production refuses. Words and next step are those of its code. */
export interface ProductionProblem {
  readonly code: Extract<Code, ProductionCode>;
  /** The setting, file or user that it is about. */
  readonly detail: string;
}

export type ProductionCode =
  | 'database-embedded'
  | 'file-permissions'
  | 'file-writable'
  | 'redis-url-without-password'
  | 'secret-in-environment'
  | 'secret-of-another-part'
  | 'user-is-root'
  | 'user-shared';

const OF_GROUP_AND_OTHERS = 0o077;
const BEYOND_AN_ACCESS_LIST = 0o037;
const WRITE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

const isPart = (viewer: Viewer): viewer is Part => PARTS.some((part) => part === viewer);

/** Everything for which production refuses to start, or for which `fixpoint doctor` reports this set-up; empty where nothing is wrong. */
export function productionProblems(facts: ProductionFacts): readonly ProductionProblem[] {
  const { inEnvironment, missing, superfluous, redisWithoutPassword, paths } = facts;
  const each = (code: ProductionCode, details: readonly string[]) => details.map((detail) => ({ code, detail }));
  return [
    ...aboutUsers(facts),
    ...each('database-embedded', missing),
    ...each('redis-url-without-password', redisWithoutPassword ? ['REDIS_URL'] : []),
    ...each('secret-in-environment', inEnvironment),
    ...each('secret-of-another-part', superfluous),
    ...paths.flatMap((path) => aboutPath(path, isPart(facts.viewer))),
  ];
}

function aboutUsers({ viewer, uid, sameUser, owners }: ProductionFacts): readonly ProductionProblem[] {
  const shared = (detail: string) => [{ code: 'user-shared', detail } as const];
  if (viewer === 'supervisor') return shared('this command starts every part as the user that runs it');
  if (viewer === 'administrator') {
    const isOne = owners.grantKey !== undefined && owners.grantKey === owners.credentials;
    return isOne ? shared(`user ${owners.grantKey} owns the private grant key and the credentials file`) : [];
  }
  if (uid === 0) return [{ code: 'user-is-root', detail: viewer }];
  return sameUser.flatMap(({ part, pid }) => shared(`${viewer} and ${part} (process ${pid}) run as user ${uid}`));
}

function aboutPath(facts: PathFacts, isPartLooking: boolean): readonly ProductionProblem[] {
  const { setting, path, purpose, mode, mayRead, mayWrite, isCredential = false } = facts;
  const of = (code: ProductionCode, why: string) => [{ code, detail: `${setting}: ${path} ${why}` }];
  const bits = `has mode ${(mode & 0o7777).toString(8)}`;
  switch (purpose) {
    case 'foreign': {
      if (!mayRead && !mayWrite) return [];
      return of('secret-of-another-part', `can be ${mayRead ? 'read' : 'written'} by this process`);
    }
    case 'secret': {
      const tooMany = isCredential ? BEYOND_AN_ACCESS_LIST : OF_GROUP_AND_OTHERS;
      return (mode & tooMany) === 0 ? [] : of('file-permissions', bits);
    }
    case 'own':
    case 'above':
    case 'trusted':
    case 'above-trusted': {
      // In a sticky folder nobody replaces the file of another user.
      if (purpose.startsWith('above') && (mode & STICKY) !== 0) return [];
      if ((mode & WRITE_BY_OTHERS) !== 0) return of('file-writable', bits);
      const isTrusted = purpose === 'trusted' || purpose === 'above-trusted';
      return isTrusted && isPartLooking && mayWrite ? of('file-writable', 'can be written by this process') : [];
    }
  }
}
