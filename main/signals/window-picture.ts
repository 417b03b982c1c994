import type { EntryType } from '../../common/incident/entries.ts';
import type { Entry } from '../../common/ledger/types.ts';
import type { Series } from '../../common/signal/series.ts';
import { pictureOf, type PictureLane } from './picture.ts';
import type { SignalsDeps } from './types.ts';

const columns = 480;
const mostLanes = 12;
/** Entries that are looked at for marks, and of which a picture has none: they tell of the host's own doing. */
const newestEntries = 1000;
const unmarked = new Set<string>([
  'capture.started',
  'capture.exported',
  'evidence.kept',
] satisfies EntryType[]);

export interface PictureOf {
  title: string;
  channels: string[];
  from: number;
  to: number;
  /** Beside the entries of that time. */
  marks?: { at: number; text: string }[];
}

/** [from, to) of the channels as SVG, as far as they are known, and the ledger's entries of that time. */
export function windowPicture(
  { capture, ledger }: Pick<SignalsDeps, 'capture' | 'ledger'>,
  { title, channels, from, to, marks = [] }: PictureOf,
): Uint8Array {
  const infos = capture.channels.get();
  const lanes = channels.slice(0, mostLanes).flatMap((id): PictureLane[] => {
    const [info, series] = [infos.find((each) => each.id === id), capture.series(id)];
    return info && series ? [laneOf(series, `${info.name} ${id}`, info.unit, from, to)] : [];
  });
  const entries = ledger.range(Math.max(0, ledger.size - newestEntries), ledger.size);
  const all = [...marks, ...marksOf(entries, from, to)].sort((a, b) => a.at - b.at);
  return new TextEncoder().encode(pictureOf({ title, from, to, lanes, marks: all }));
}

function laneOf(series: Series, name: string, unit: string, from: number, to: number): PictureLane {
  const dt = Math.max(1, (to - from) / columns);
  const first = Math.floor(from / dt);
  const count = Math.ceil(to / dt) - first;
  const gaps = series.gaps(from, to);
  if (series.lostSince !== null && series.lostSince < to)
    gaps.push({ from: Math.max(from, series.lostSince), to, reason: 'the link is lost' });
  return { name, unit, columns: series.query(dt, first, count), from: first * dt, dt, gaps };
}

function marksOf(entries: Entry[], from: number, to: number): { at: number; text: string }[] {
  return entries
    .map(({ head }) => ({ at: Date.parse(head.at) * 1000, text: head.type, type: head.type }))
    .filter(({ at, type }) => at >= from && at < to && !unmarked.has(type))
    .map(({ at, text }) => ({ at, text }));
}
