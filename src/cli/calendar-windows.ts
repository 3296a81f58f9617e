import { InvalidArgumentError } from 'commander';
import type { CalendarWindow } from '../domain/schedules/calendar.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** `mon-fri,sun 22:00-06:00`. @throws InvalidArgumentError (usage) */
export function weeklyWindow(text: string): CalendarWindow {
  const [days = '', times = '', ...more] = text.trim().toLowerCase().split(/\s+/);
  const [from = '', to = '', ...others] = times.split('-');
  const listed = days.split(',').map(daysIn);
  if (more.length > 0 || others.length > 0 || to === '' || listed.some((list) => list.length === 0))
    throw new InvalidArgumentError(
      'Not a weekly window: write such as "mon-fri 22:00-06:00" or "sat,sun 00:00-00:00".',
    );
  return { kind: 'weekly', days: [...new Set(listed.flat())].sort((a, b) => a - b), from, to };
}

/** `2026-12-20T00:00/2027-01-06T00:00`. @throws InvalidArgumentError (usage) */
export function onceWindow(text: string): CalendarWindow {
  const [from = '', to = '', ...more] = text.trim().split('/');
  if (to === '' || more.length > 0)
    throw new InvalidArgumentError('Not a window: write such as 2026-12-20T00:00/2027-01-06T00:00.');
  return { kind: 'once', from, to };
}

/** The days of `fri-mon` or `wed`, 1 for Monday; none for anything else. */
function daysIn(text: string): readonly number[] {
  const [first = '', last = first, ...more] = text.split('-').map((day) => day.slice(0, 3));
  const [from, to] = [DAYS.findIndex((day) => day === first), DAYS.findIndex((day) => day === last)];
  if (from < 0 || to < 0 || more.length > 0) return [];
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => ((from + i) % 7) + 1);
}

/** A window as people read it, and as these options take it. */
export function windowWords(window: CalendarWindow): string {
  if (window.kind === 'once') return `${window.from}/${window.to}`;
  return `${window.days.map((day) => DAYS[day - 1] ?? '').join(',')} ${window.from}-${window.to}`;
}
