/** `UTC`, or an area and a place of the IANA database. An offset or an abbreviation is refused: it knows no change of clocks. */
const ZONE_PATTERN = /^(UTC|[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+){1,2})$/;

/** A wall clock, in the proleptic Gregorian calendar. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export function isZone(zone: string): boolean {
  if (!ZONE_PATTERN.test(zone)) return false;
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that Node does not know */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn', second: 'numeric' },
    ...parts,
  });
  formats.set(zone, made);
  return made;
}

/** The wall clock of a zone at an instant, and how far it is ahead of UTC (milliseconds). */
export function localAt(instant: Date, zone: string): LocalTime & { readonly offsetMs: number } {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const whole = Math.floor(instant.getTime() / 1000) * 1000;
  return { year, month, day, hour, minute, offsetMs: Date.UTC(year, month - 1, day, hour, minute, second) - whole };
}

/**
 * The instants at which a zone shows this wall clock: two where clocks were set back over it. Where they were set forward over it there
 * is none, and both are the first instant after the gap.
 */
export function instantsOf(local: LocalTime, zone: string): Instants {
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const about = `${zone} ${asUtc}`;
  const known = found.get(about);
  if (known) return known;
  if (found.size >= MOST_FOUND) found.clear();
  const instants = findInstants(asUtc, zone);
  found.set(about, instants);
  return instants;
}

interface Instants {
  readonly first: Date;
  readonly last: Date;
}

/** The edges of a week's windows are asked for again and again, and each answer costs several look-ups of the zone. */
const found = new Map<string, Instants>();
const MOST_FOUND = 5000;

function findInstants(asUtc: number, zone: string): Instants {
  const day = Math.floor(asUtc / DAY_MS);
  // No zone is further than a day from UTC: where it has one offset from the day before to the day after, the clock shows the time once.
  const steady = dayOffset(day - 1, zone);
  if (steady === dayOffset(day + 2, zone)) {
    const at = new Date(asUtc - steady);
    return { first: at, last: at };
  }
  const before = localAt(new Date(asUtc - DAY_MS), zone).offsetMs;
  const after = localAt(new Date(asUtc + DAY_MS), zone).offsetMs;
  const shows = [asUtc - before, asUtc - after].filter((at) => localAt(new Date(at), zone).offsetMs === asUtc - at);
  if (shows.length > 0) return { first: new Date(Math.min(...shows)), last: new Date(Math.max(...shows)) };
  const jump = changeBetween(asUtc - DAY_MS, asUtc + DAY_MS, zone);
  return { first: jump, last: jump };
}

const DAY_MS = 24 * 60 * 60_000;
const offsets = new Map<string, number>();

/** How far a zone is ahead at the beginning of a day of UTC (milliseconds); `day` counts from 1970. */
function dayOffset(day: number, zone: string): number {
  const about = `${zone} ${day}`;
  const known = offsets.get(about);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_FOUND) offsets.clear();
  const { offsetMs } = localAt(new Date(day * DAY_MS), zone);
  offsets.set(about, offsetMs);
  return offsetMs;
}

/** The first second at which the zone has the offset that it has at the end; there is one change between the two. */
function changeBetween(from: number, to: number, zone: string): Date {
  const { offsetMs } = localAt(new Date(to), zone);
  let [low, high] = [from / 1000, to / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (localAt(new Date(middle * 1000), zone).offsetMs === offsetMs) high = middle;
    else low = middle;
  }
  return new Date(high * 1000);
}
