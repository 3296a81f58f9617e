/** The form of an id: PostgreSQL refuses a comparison of an id with any other text. */
export const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

const UUID = new RegExp(UUID_PATTERN);

/** What the beginning of an id looks like; a dash in a wrong place makes one that no id has. */
export const UUID_PREFIX_PATTERN = '^[0-9a-f][0-9a-f-]{3,35}$';

/** The least and the greatest id that begin like this; undefined where no id does. */
export function idsFrom(prefix: string): readonly [least: string, greatest: string] | undefined {
  const fill = (digit: string) =>
    prefix + '00000000-0000-0000-0000-000000000000'.slice(prefix.length).replaceAll('0', digit);
  return isUuid(fill('0')) ? [fill('0'), fill('f')] : undefined;
}

/** Whether a text has the form of an id. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** A UUID made of a digest: the same digest gives the same id. UUIDv8, whose other bits are our own. */
export function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
