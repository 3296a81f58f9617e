import { canonicalJson, byUtf16Unit, type ValueObject } from '../canonical.js';

/** The names of the parameters in which these items are not all the same, in the order of their text: what tells 40 users of one target apart. */
export function differingNames(items: readonly ValueObject[]): readonly string[] {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))].sort(byUtf16Unit);
  return names.filter((name) => new Set(items.map((item) => canonicalJson(item[name] ?? null))).size > 1);
}

/** The parameters of an item that have these names. */
export function parametersNamed(item: ValueObject, names: readonly string[]): ValueObject {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(item, name) ? [[name, item[name] ?? null]] : [])));
}
