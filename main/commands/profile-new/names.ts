/** A name for a part of a profile after what a system calls itself, different from those that are taken. */
export function nameAfter(text: string, taken: readonly string[]): string {
  const words = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  const name = words || 'part';
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) if (!taken.includes(`${name}-${number}`)) return `${name}-${number}`;
}

/** A member's name as a path of JSON; null for one that none can name. */
export function pathOfMember(name: string): string | null {
  if (/^[A-Za-z_][\w-]{0,60}$/.test(name)) return name;
  return /^[^"\\\p{C}]{1,60}$/u.test(name) ? `["${name}"]` : null;
}

const units: Record<string, string> = {
  ms: 'ms',
  us: 'µs',
  s: 's',
  sec: 's',
  seconds: 's',
  grams: 'g',
  g: 'g',
  kg: 'kg',
  mm: 'mm',
  celsius: '°C',
  percent: '%',
  pct: '%',
  bytes: 'B',
  px: 'px',
};

/** The unit that the name of a number ends with, as latency_ms; null where it ends with none. */
export function unitByName(name: string): string | null {
  const last = name.toLowerCase().split(/[_-]/).at(-1)!;
  return Object.hasOwn(units, last) ? units[last]! : null;
}
