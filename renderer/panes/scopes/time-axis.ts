/** The scopes' time axis: whole columns of `dt` microseconds on a grid that starts at 1970, one per device pixel. */

/** What is shown: `width` columns that end before column `end`. */
export interface Axis {
  /** Microseconds per column. */
  dt: number;
  /** Exclusive: the first column past the right edge. */
  end: number;
  /** Columns shown. */
  width: number;
}

export const shortestSpan = 20_000;
export const longestSpan = 24 * 3_600_000_000;
const leastDt = 10;

/** Microseconds per column, so that `span` fills `width` columns. */
export function dtOf(span: number, width: number): number {
  return Math.max(leastDt, Math.round(span / Math.max(1, width)));
}

/** The axis whose right edge shows the column of `at`. */
export function axisAt(span: number, width: number, at: number): Axis {
  const dt = dtOf(span, width);
  return { dt, width, end: Math.floor(at / dt) + 1 };
}

export function startOf(axis: Axis): number {
  return (axis.end - axis.width) * axis.dt;
}

export function endOf(axis: Axis): number {
  return axis.end * axis.dt;
}

/** The pixel column of a time; outside 0…width when it is not shown. */
export function xOf(axis: Axis, at: number): number {
  return at / axis.dt - (axis.end - axis.width);
}

export function timeAt(axis: Axis, x: number): number {
  return (axis.end - axis.width + x) * axis.dt;
}

/** Zooms by `factor` (over 1: wider) so that the time under `x` of `width` stays where it is. */
export function zoomAbout(
  span: number,
  end: number,
  factor: number,
  share: number,
): { span: number; end: number } {
  const next = Math.min(longestSpan, Math.max(shortestSpan, span * factor));
  const fixed = end - span * (1 - share);
  return { span: next, end: fixed + next * (1 - share) };
}

const steps = [
  1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 15e6, 3e7, 6e7, 12e7, 3e8, 6e8, 18e8, 36e8,
  108e8, 216e8,
];

/** Microseconds between two division lines: the finest step that leaves them `room` columns apart. */
export function divisionOf(axis: Axis, room: number): number {
  return steps.find((step) => step / axis.dt >= room) ?? steps.at(-1)!;
}

/** Times of the division lines in columns [from, to) of the axis. */
export function divisions(axis: Axis, step: number, from = 0, to = axis.width): number[] {
  const times: number[] = [];
  const first = Math.ceil(timeAt(axis, from) / step) * step;
  for (let at = first; at < timeAt(axis, to); at += step) times.push(at);
  return times;
}

/** A division's label: as many digits as its step needs. */
export function divisionLabel(at: number, step: number): string {
  const iso = new Date(at / 1000).toISOString();
  if (step >= 1e6) return iso.slice(11, 19);
  return iso.slice(11, step >= 1e5 ? 21 : step >= 1e4 ? 22 : 23);
}

/** `10 s/div`, `200 ms/div`. */
export function stepLabel(step: number): string {
  if (step >= 36e8) return `${step / 36e8} h/div`;
  if (step >= 6e7) return `${step / 6e7} min/div`;
  return step >= 1e6 ? `${step / 1e6} s/div` : `${step / 1e3} ms/div`;
}
