import type { FaultSet } from './common.js';
import { progress } from './progress.js';
import { disk } from './disk.js';
import { postgres, redis } from './outages.js';
import { stop } from './pauses.js';
import { points } from './points.js';
import { poison } from './poison.js';
import { ssh, winrm } from './remote.js';
import { rounds } from './rounds.js';
import { deciders, doubles, forged, keys } from './traffic.js';

/** Every set by name, in the order in which they are played. */
export const SETS: Readonly<Record<string, FaultSet>> = {
  rounds,
  points,
  redis,
  postgres,
  stop,
  keys,
  deciders,
  doubles,
  forged,
  poison,
  disk,
  ssh,
  winrm,
  progress,
};
