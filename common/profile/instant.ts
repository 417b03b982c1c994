import type { z } from 'zod';
import type { epoch } from './parts/text.ts';

export type Epoch = z.infer<typeof epoch>;

const microsEach = { seconds: 1e6, milliseconds: 1e3, microseconds: 1, nanoseconds: 1e-3 };
const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\d*\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * An instant as it is written, in microseconds since 1970; null where it is none of that epoch. A text without a zone is
 * taken as UTC, whatever zone this machine is in.
 */
export function instantOf(value: unknown, how: Epoch): number | null {
  if (how === 'iso-8601') return typeof value === 'string' ? ofText(value) : null;
  const number = typeof value === 'string' && /^\d{1,20}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return null;
  return Math.round(number * microsEach[how]);
}

function ofText(text: string): number | null {
  const parts = iso.exec(text.trim().slice(0, 60));
  if (!parts) return null;
  const [, day, time, fraction = '', zone = 'Z'] = parts;
  const full = /^[+-]\d\d$/.test(zone)
    ? `${zone}:00`
    : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const millis = Date.parse(`${day}T${time}${full}`);
  if (Number.isNaN(millis)) return null;
  return millis * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
