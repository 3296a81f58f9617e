import { canonicalJson, type ValueObject } from '../canonical.js';
import { countStatuses, type ScanCounts, type ScanItemStatus } from './item-status.js';

/** What one scan found of one item. */
export interface Finding {
  /** Id of the target. */
  readonly target: string;
  /** The name that the target had. */
  readonly name: string;
  readonly parameters: ValueObject;
  readonly status: ScanItemStatus;
  /** Changes that would be needed; 0 but for a drifted one. */
  readonly changes: number;
  /** Its values were erased: it is counted, and compared with nothing. */
  readonly erased?: boolean;
}

/** A scan that has ended. */
interface ScanFindings<Scan> {
  readonly scan: Scan;
  readonly items: readonly Finding[];
}

type Found = Pick<Finding, 'status' | 'changes'>;

/** An item that is not as the scan before found it: another status, or another number of changes. */
interface Changed {
  readonly target: string;
  readonly name: string;
  readonly parameters: ValueObject;
  readonly before: Found;
  readonly after: Found;
}

export interface TrendPoint<Scan> {
  readonly scan: Scan;
  readonly counts: ScanCounts;
  /** In the order of the scan. An item that no scan before had is none of them. */
  readonly changed: readonly Changed[];
}

/**
 * Compliance over time. Each item is compared with the last scan before that had it: the same target with the same parameters. For scans over
 * one list that is the scan before; lists that take turns are each compared with their own.
 * @param scans oldest first
 */
export function trendOf<Scan>(scans: readonly ScanFindings<Scan>[]): readonly TrendPoint<Scan>[] {
  const last = new Map<string, Found>();
  return scans.map(({ scan, items }) => {
    const changed: Changed[] = [];
    for (const { target, name, parameters, status, changes, erased = false } of items) {
      // Its parameters are not known any more: it could be taken for another item.
      if (erased) continue;
      const key = canonicalJson({ target, parameters });
      const before = last.get(key);
      const after = { status, changes };
      if (before && (before.status !== status || before.changes !== changes))
        changed.push({ target, name, parameters, before, after });
      last.set(key, after);
    }
    return { scan, counts: countStatuses(items.map(({ status }) => status)), changed };
  });
}
