import { dirname, join } from 'node:path';
import { credentialPlaces } from '../adapters/secrets/index.js';
import type { Part, PathFacts, ProductionFacts, Viewer } from '../domain/production.js';
import { secretFileOf } from '../platform/secret-settings.js';
import type { Settings } from './compose.js';
import { ownerOf, pathFacts, withFoldersAbove, type NamedPath } from './path-facts.js';
import { partsOfUser } from './parts-of-user.js';
import { hasPassword, SECRET_VARIABLES, type Secrets } from './secrets.js';

/** What each part signs in with; no part needs what is another's. */
const OWN: Readonly<Record<Part, readonly (keyof Secrets)[]>> = {
  api: ['apiUrl'],
  authority: ['authorityUrl'],
  relay: ['relayUrl', 'queueUrl', 'redisUrl'],
  worker: ['workerUrl', 'queueUrl', 'redisUrl'],
};

const isPart = (viewer: Viewer): viewer is Part => Object.hasOwn(OWN, viewer);

/** The facts of this process and this machine that `productionProblems` judges. Reads what it may and changes nothing. */
export function readProductionFacts(viewer: Viewer, settings: Settings, env: NodeJS.ProcessEnv): ProductionFacts {
  const { config, secrets } = settings;
  const isEngines = viewer === 'worker' || viewer === 'administrator';
  const places = isEngines ? credentialPlaces(config.credentialsFile) : { secrets: [], trustedCas: [] };
  const uid = process.getuid?.();
  const [grantKey, credentials] = [ownerOf(config.grantPrivateKey), ownerOf(config.credentialsFile)];
  return {
    viewer,
    uid,
    sameUser: isPart(viewer) && uid !== undefined ? partsOfUser(uid).filter(({ part }) => part !== viewer) : [],
    owners: { ...(grantKey === undefined ? {} : { grantKey }), ...(credentials === undefined ? {} : { credentials }) },
    inEnvironment: [
      ...Object.values(SECRET_VARIABLES).filter((name) => hasPassword(env[name]?.trim() ?? '')),
      ...((env.PGPASSWORD ?? '') === '' ? [] : ['PGPASSWORD']),
      ...places.secrets.flatMap(({ name, variable }) =>
        variable === undefined ? [] : [`credential ${name}: ${variable}`],
      ),
    ],
    missing: missing(viewer, secrets),
    superfluous: isPart(viewer) ? superfluous(viewer, secrets) : [],
    redisWithoutPassword: secrets.redisUrl !== undefined && new URL(secrets.redisUrl).password === '',
    paths:
      viewer === 'supervisor' ? [] : withFoldersAbove(named(viewer, settings, env, places)).flatMap(pathFacts(env)),
  };
}

function missing(viewer: Viewer, secrets: Secrets): readonly string[] {
  if (viewer === 'administrator') return [];
  const file = (key: keyof Secrets) => `${SECRET_VARIABLES[key]}_FILE`;
  if (viewer === 'supervisor') return secrets.adminUrl === undefined ? [file('adminUrl')] : [];
  const [own, ...queues] = OWN[viewer];
  return [
    ...(own === undefined || secrets[own] !== undefined ? [] : [file(own)]),
    ...(queues.length === 0 || queues.some((key) => secrets[key] !== undefined) ? [] : [queues.map(file).join(' or ')]),
  ];
}

function superfluous(viewer: Part, secrets: Secrets): readonly string[] {
  const keys = Object.keys(SECRET_VARIABLES) as (keyof Secrets)[];
  return keys
    .filter((key) => secrets[key] !== undefined && !OWN[viewer].includes(key))
    .map((key) => SECRET_VARIABLES[key]);
}

/** Every file and folder of an installation that has a meaning for this viewer, whether it is there or not. */
function named(
  viewer: Part | 'administrator',
  { config }: Settings,
  env: NodeJS.ProcessEnv,
  { secrets, trustedCas }: ReturnType<typeof credentialPlaces>,
): readonly NamedPath[] {
  const { checkout } = config;
  const of = (setting: string, purpose: PathFacts['purpose'], ...paths: readonly string[]): readonly NamedPath[] =>
    paths.map((path) => ({ setting, purpose, path }));
  const mine = (part: Part) => (viewer === part || viewer === 'administrator' ? 'secret' : 'foreign');
  const program = ['dist', 'node_modules', 'engine/dist', 'package.json'].map((name) => join(checkout, name));
  const files = Object.values(SECRET_VARIABLES).flatMap((name) => {
    const path = secretFileOf(env, name, checkout);
    return path === undefined ? [] : of(`${name}_FILE`, 'secret', path);
  });
  return [
    ...files,
    ...of('FIXPOINT_GRANT_KEY', mine('authority'), config.grantPrivateKey),
    ...of('FIXPOINT_CREDENTIALS', mine('worker'), config.credentialsFile),
    ...secrets.flatMap(({ name, path }) => (path === undefined ? [] : of(`credential ${name}`, 'secret', path))),
    ...of('trustedCas', 'trusted', ...trustedCas),
    ...(viewer === 'administrator' ? [] : of('FIXPOINT_HOME', 'secret', config.home)),
    ...(viewer === 'authority' ? of('FIXPOINT_GRANT_KEY', 'secret', dirname(config.grantPrivateKey)) : []),
    ...(viewer === 'authority' ? of('FIXPOINT_CHECKPOINTS', 'own', config.checkpointsFile) : []),
    ...of('FIXPOINT_GRANT_PUBLIC', viewer === 'authority' ? 'own' : 'trusted', config.grantPublicKey),
    ...of('FIXPOINT_PEOPLE', 'trusted', config.peopleFile),
    ...of('FIXPOINT_KRB5_CONFIG', 'trusted', ...[config.krb5Config ?? []].flat()),
    ...of('FIXPOINT_PWSH', 'trusted', ...[env.FIXPOINT_PWSH ?? []].flat()),
    ...of('FIXPOINT_RUNBOOKS', 'trusted', ...config.runbookDirectories),
    ...of('the program', 'trusted', checkout, ...program),
  ];
}
