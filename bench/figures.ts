/** One figure of a benchmark: of its values the median counts. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** The value below which the share `p` (0 to 1) of the values lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** @param json one JSON array instead of lines for people */
export function print(figures: readonly Figure[], json: boolean): void {
  const told = figures.map(({ name, unit, values }) => ({
    name,
    unit,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    runs: values.length,
  }));
  if (json) return console.log(JSON.stringify(told));
  for (const { name, unit, median: middle, min, max, runs } of told) {
    const value = middle.toFixed(unit === '' || middle < 10 ? 2 : 0).padStart(8);
    console.log(`${name.padEnd(66)} ${value} ${unit}  (min ${min.toFixed(1)}, max ${max.toFixed(1)}, ${runs} values)`);
  }
}
