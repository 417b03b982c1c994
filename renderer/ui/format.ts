/** Words and numbers as the room shows them. Times are UTC; the local time stands in the hover. */

/** HH:MM:SS of an RFC 3339 time or of microseconds since 1970, UTC. */
export function clockTime(at: string | number): string {
  const date = new Date(typeof at === 'number' ? at / 1000 : at);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toISOString().slice(11, 19);
}

/** Both times, for a hover. */
export function fullTime(at: string | number): string {
  const date = new Date(typeof at === 'number' ? at / 1000 : at);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.toISOString().replace('T', ' ').replace('Z', ' UTC')} · local ${date.toLocaleTimeString()}`;
}

/** HH:MM:SS of a span in milliseconds; hours go on past 24. */
export function spanTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `41 ms`, `0.3 s`, `2 min`. */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** `512 B`, `1.5 KB`, `20 MB` (powers of 1000). */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** 1284 as `1 284`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** A measured value with as many digits as its size bears. */
export function measured(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100_000) return grouped(Math.round(value));
  return value
    .toFixed(size >= 1000 ? 0 : size >= 10 ? 1 : 3)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
