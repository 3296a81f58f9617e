import { Type } from 'typebox';
import { TARGET_KINDS } from '../../domain/manifest.js';
import { closed, literals, name } from './parts.js';

/** Not there is no condition; there and empty selects nothing. */
const some = { maxItems: 100, uniqueItems: true } as const;

/** Values of one list are alternatives; every list that is there must fit. */
export const Filter = Type.Object(
  {
    names: Type.Optional(Type.Array(name, some)),
    kinds: Type.Optional(Type.Array(literals(...TARGET_KINDS), some)),
    tiers: Type.Optional(Type.Array(literals(0, 1, 2), some)),
    sites: Type.Optional(Type.Array(name, some)),
    tags: Type.Optional(Type.Array(name, some)),
  },
  closed,
);
