/** A window of channels as a picture that stands by itself: SVG without script, font or reference. */
import type { Columns } from '../../common/signal/series.ts';

export interface PictureLane {
  name: string;
  unit: string;
  /** Extents of columns; the first begins at `from`, each covers `dt` microseconds. */
  columns: Columns;
  from: number;
  dt: number;
  gaps: readonly { from: number; to: number }[];
}

export interface Picture {
  title: string;
  /** [from, to), microseconds since 1970. */
  from: number;
  to: number;
  lanes: readonly PictureLane[];
  marks: readonly { at: number; text: string }[];
}

const [width, left, right, top] = [960, 76, 14, 40];
const [laneHeight, laneGap, axisHeight, lineHeight] = [92, 12, 30, 15];
const plot = width - left - right;
const mostMarks = 20;
const mostTicks = 8;

export function pictureOf({ title, from, to, lanes, marks }: Picture): string {
  const xOf = (at: number) => left + ((at - from) / (to - from)) * plot;
  const shown = marks.filter(({ at }) => at >= from && at < to).slice(0, mostMarks);
  const bottom = top + lanes.length * (laneHeight + laneGap);
  const height = bottom + axisHeight + shown.length * lineHeight + 8;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="monospace" font-size="11" fill="#1b2430">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="18" font-size="13" font-weight="bold">${escaped(title)}</text>`,
    `<text x="${left}" y="33">${utc(from)} to ${utc(to)} UTC</text>`,
    ...lanes.map((lane, i) => laneOf(lane, top + i * (laneHeight + laneGap), xOf)),
    ...ticksOf(from, to).map((at) => tickOf(at, xOf(at), bottom)),
    ...shown.map((mark, i) => markOf(mark, i, xOf(mark.at), bottom)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function laneOf(
  { name, unit, columns, from, dt, gaps }: PictureLane,
  y: number,
  xOf: (at: number) => number,
): string {
  const [low, high] = extentOf(columns);
  const yOf = (value: number) => y + laneHeight - 4 - ((value - low) / (high - low || 1)) * (laneHeight - 24);
  const label = (value: number, at: number) =>
    `<text x="${left - 6}" y="${round(at)}" text-anchor="end">${Number(value.toPrecision(5))}</text>`;
  const isKnown = Number.isFinite(low);
  return [
    `<rect x="${left}" y="${y}" width="${plot}" height="${laneHeight}" fill="none" stroke="#b8c2cc"/>`,
    ...gaps.map((gap) => gapOf(Math.max(left, xOf(gap.from)), Math.min(left + plot, xOf(gap.to)), y)),
    `<text x="${left + 6}" y="${y + 13}" font-weight="bold">${escaped(unit ? `${name} (${unit})` : name)}</text>`,
    ...(isKnown ? [label(high, yOf(high) + 4), ...(high > low ? [label(low, yOf(low))] : [])] : []),
    isKnown
      ? `<path d="${pathOf(
          columns,
          (k) => xOf(from + (k + 0.5) * dt),
          yOf,
          (k) => gaps.some((gap) => gap.from < from + k * dt && gap.to > from + (k - 1) * dt),
        )}" fill="none" stroke="#0b6e6e" stroke-linejoin="round"/>`
      : `<text x="${left + 6}" y="${y + laneHeight / 2 + 8}">no samples</text>`,
  ].join('\n');
}

function gapOf(from: number, to: number, y: number): string {
  return `<rect x="${round(from)}" y="${y}" width="${round(Math.max(1, to - from))}" height="${laneHeight}" fill="#f2d9d3"><title>missing</title></rect>`;
}

function extentOf({ min, max }: Columns): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < min.length; k++) {
    if (min[k]! < low) low = min[k]!;
    if (max[k]! > high) high = max[k]!;
  }
  return [low, high];
}

/** Down and up again in each column, joined to the one before; not across a gap. */
function pathOf(
  { min, max }: Columns,
  xOf: (k: number) => number,
  yOf: (value: number) => number,
  isCut: (k: number) => boolean,
): string {
  let path = '';
  let last = NaN;
  for (let k = 0; k < min.length; k++) {
    if (k > 0 && isCut(k)) last = NaN;
    if (Number.isNaN(min[k]!)) continue;
    const ends = [min[k]!, max[k]!];
    // From the end that is nearer to where the line is.
    if (Math.abs(last - ends[1]!) < Math.abs(last - ends[0]!)) ends.reverse();
    const x = round(xOf(k));
    path += `${Number.isNaN(last) ? 'M' : 'L'}${x} ${round(yOf(ends[0]!))}`;
    if (ends[1] !== ends[0]) path += `L${x} ${round(yOf(ends[1]!))}`;
    else if (Number.isNaN(last)) path += `h.5`;
    last = ends[1]!;
  }
  return path;
}

/** Round times, at most 8. */
function ticksOf(from: number, to: number): number[] {
  const least = (to - from) / mostTicks;
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((times) => times * decade).find((each) => each >= least) ?? least;
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step); k * step < to; k++) ticks.push(k * step);
  return ticks;
}

function tickOf(at: number, x: number, bottom: number): string {
  const anchor = x < left + 40 ? 'start' : x > left + plot - 40 ? 'end' : 'middle';
  return `<path d="M${round(x)} ${top}V${bottom}" stroke="#dfe5ea"/><text x="${round(x)}" y="${bottom + 14}" text-anchor="${anchor}">${utc(at).slice(11)}</text>`;
}

function markOf({ at, text }: { at: number; text: string }, i: number, x: number, bottom: number): string {
  const line = `${i + 1} ${utc(at).slice(11)} ${text}`;
  return [
    `<path d="M${round(x)} ${top}V${bottom}" stroke="#7a3fa0" stroke-dasharray="3 3"/>`,
    `<text x="${round(x) + 2}" y="${top - 1}" fill="#7a3fa0">${i + 1}</text>`,
    `<text x="${left}" y="${bottom + axisHeight + i * lineHeight}">${escaped(line)}</text>`,
  ].join('');
}

const round = (value: number) => Math.round(value * 100) / 100;

/** 2026-11-24 12:00:00.000 */
function utc(micros: number): string {
  return new Date(micros / 1000).toISOString().replace('T', ' ').replace('Z', '');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML does not allow at all; names are whatever a device said. */
// eslint-disable-next-line no-control-regex -- these are what is to be left out
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escaped(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>"']/g, (char) => entities[char]!);
}
