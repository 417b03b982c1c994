/** Whether a value is an object (no list) with just these members. */
export function hasExactly(value: unknown, members: readonly string[]): value is Record<string, unknown> {
  return isRecord(value) && Object.keys(value).sort().join() === [...members].sort().join();
}

/** Whether a value is an object and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
