const deepest = 20;

/** What lies at a dotted path of JSON (`boxes.0.score`); undefined where there is nothing. Own members only. */
export function valueAt(json: unknown, path: string): unknown {
  const names = path.split('.');
  if (names.length > deepest) return undefined;
  let at = json;
  for (const name of names) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** As a number: a list counts its items, true is 1; null where it is no finite number. */
export function numberAt(json: unknown, path: string): number | null {
  const value = valueAt(json, path);
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
