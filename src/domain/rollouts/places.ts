import type { Declaration } from './declaration.js';

/** Those that may start now: in their order, as far as there are places in all and at their site. */
export function withPlace(
  ready: readonly number[],
  items: readonly { readonly site: string; readonly exposed: boolean }[],
  { atOnce, perSite = atOnce }: Pick<Declaration, 'atOnce' | 'perSite'>,
): readonly number[] {
  const exposed = items.filter((item) => item.exposed);
  const taken = new Map<string, number>();
  const take = (site: string) => taken.set(site, (taken.get(site) ?? 0) + 1);
  for (const { site } of exposed) take(site);
  const starting: number[] = [];
  for (const at of ready) {
    if (exposed.length + starting.length >= atOnce) break;
    const site = items[at]?.site ?? '';
    if ((taken.get(site) ?? 0) >= perSite) continue;
    take(site);
    starting.push(at);
  }
  return starting;
}
