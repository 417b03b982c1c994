import type { ValueAt } from '../../../common/contract/capture.ts';
import { measured } from '../../ui/format.ts';
import { ageText } from './lane-age.ts';
import { levelWord } from './levels.ts';

/** What is known of one channel at a cursor. */
export interface CursorReading {
  /** The cursor's time, microseconds since 1970. */
  at: number;
  /** The host's answer; null while it is on its way, or when it could not be had. */
  exact: ValueAt | null;
  /** What the lane's columns say: the extent of the samples in one column. */
  extent: { min: number; max: number } | null;
}

interface Kind {
  id: string;
  kind: 'linear' | 'step';
}

/** The value as text. An extent is told as one; a value that was not sampled up to the cursor says how old it is. */
export function cursorText({ id, kind }: Kind, { at, exact, extent }: CursorReading): string {
  const show = (value: number) => (kind === 'step' && levelWord(id, value)) || measured(value);
  if (!exact) {
    if (!extent) return '…';
    return extent.min === extent.max ? show(extent.min) : `${show(extent.min)} … ${show(extent.max)}`;
  }
  if (exact.t === null) return 'nothing before';
  const value = exact.v === null ? 'no number' : show(exact.v);
  return exact.isHeld ? value : `${value}, ${beforeText(at - exact.t)} before`;
}

/** Value at B minus value at A; null unless both are known, or where they are levels. */
export function deltaText({ kind }: Kind, a: CursorReading, b: CursorReading): string | null {
  if (kind === 'step' || !isKnown(a.exact) || !isKnown(b.exact)) return null;
  const delta = b.exact.v - a.exact.v;
  return `${delta < 0 ? '−' : '+'}${measured(Math.abs(delta))}`;
}

function isKnown(exact: ValueAt | null): exact is ValueAt & { v: number } {
  return exact !== null && exact.isHeld && exact.v !== null;
}

function beforeText(micros: number): string {
  return micros < 1e6 ? spanText(micros) : ageText(micros);
}

/** A span as text: `12 µs`, `1.25 ms`, `1.2345 s`. Its sign is kept. */
export function spanText(micros: number): string {
  const size = Math.abs(micros);
  const sign = micros < 0 ? '−' : '';
  if (size < 1e3) return `${sign}${Math.round(size)} µs`;
  if (size < 1e6) return `${sign}${trimmed(size / 1e3, 3)} ms`;
  return `${sign}${trimmed(size / 1e6, 4)} s`;
}

/** One over a span, as a frequency; null for none. */
export function frequencyText(micros: number): string | null {
  if (micros === 0) return null;
  const hertz = 1e6 / Math.abs(micros);
  return hertz >= 1e3 ? `${measured(hertz / 1e3)} kHz` : `${Number(hertz.toPrecision(4))} Hz`;
}

/** HH:MM:SS.mmm, and to the microsecond where the axis is that fine. */
export function cursorTime(at: number, dt: number): string {
  const whole = new Date(Math.floor(at / 1e3)).toISOString().slice(11, 23);
  return dt >= 1000 ? whole : `${whole}${String(Math.floor(at) % 1000).padStart(3, '0')}`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
