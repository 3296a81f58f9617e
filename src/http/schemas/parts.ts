import { NAME_LENGTH, NAME_PATTERN } from '../../domain/name.js';
import { PROSE_PATTERN } from '../../domain/visible.js';
import { UUID_PATTERN } from '../../domain/uuid.js';
import { Type } from 'typebox';

export const closed = { additionalProperties: false } as const;
/** Text for people: no control characters but line breaks and tabs, so that no log or terminal can be played with. */
export const prose = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$' });
/** Text that somebody else decides by: nothing in it is invisible, reorders its line or is half a character. */
export const plainProse = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: `^(?=[^]*\\S)${PROSE_PATTERN.slice(1)}` });
export const name = Type.String({ minLength: 1, maxLength: NAME_LENGTH, pattern: NAME_PATTERN });
export const reason = prose(2000);
export const uuid = Type.String({ pattern: UUID_PATTERN });
/** A host name, an IPv4 address, or an IPv6 address without brackets. */
export const host = Type.String({
  maxLength: 254,
  pattern:
    '^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.-]{1,15})?)$',
});
export const port = Type.Integer({ minimum: 1, maximum: 65535 });
/** A closed list: a value outside it is answered with the list. */
export const literals = <const T extends readonly (string | number | null)[]>(...values: T) =>
  Type.Unsafe<T[number]>({ enum: [...values] });
