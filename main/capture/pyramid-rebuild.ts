/** Makes what a `.pyr` lacks from its capture: the rest after its last chunk, or all of it. */
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import { Chunk } from '../../common/signal/pyramid.ts';
import type { Samples } from '../../common/signal/series.ts';
import { StoredBody } from '../../common/signal/stored-body.ts';
import {
  createCaptureFile,
  reopenCaptureFile,
  type CaptureFile,
  type OpenCaptureFile,
} from './capture-file.ts';
import { identityOf } from './capture-identity.ts';
import { replayCapture } from './capture-replay.ts';
import type { PyramidSurvey } from './pyramid-file.ts';
import { chunkRecord, endRecord, startRecord, type HistoryGap, type PyramidEnd } from './pyramid-layout.ts';

export interface RebuildOptions {
  path: string;
  capture: string;
  signal: AbortSignal;
  openFile?: OpenCaptureFile;
}

/**
 * Writes all of the capture's samples to a new file, which then takes the place of one that is there. Rejects with
 * `no-space`, `not-found` …, then what was there is as it was.
 */
export async function rebuildPyramid({ path, capture, signal, openFile }: RebuildOptions): Promise<void> {
  const beside = `${path}.new`;
  try {
    await rm(beside, { force: true });
    const file = await (openFile ?? createCaptureFile)(beside);
    try {
      const start = startRecord(basename(capture));
      await file.write(start, 0);
      await fill(capture, new Rest(file, start.length, []), signal);
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw fromSystem(error, `Making ${path} from its capture`);
  }
}

/**
 * Adds to a file without an end what it lacks. Rejects with `damaged` when what it has is not of this capture: then it
 * is to be made anew.
 */
export async function completePyramid(
  { path, capture, signal, openFile }: RebuildOptions,
  survey: PyramidSurvey,
): Promise<void> {
  try {
    const file = await (openFile ?? reopenCaptureFile)(path);
    try {
      const rest = new Rest(file, survey.length, survey.chunks);
      await fill(capture, rest, signal);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fromSystem(error, `Completing ${path} from its capture`);
  }
}

async function fill(capture: string, rest: Rest, signal: AbortSignal): Promise<void> {
  const gaps: HistoryGap[] = [];
  let isShort = false;
  for await (const item of replayCapture(capture)) {
    signal.throwIfAborted();
    if (item.kind === 'samples') await rest.add(item.channel, item.samples);
    else {
      isShort ||= item.isLoss;
      gaps.push(item.gap);
    }
  }
  // What was written beside the capture may have what the capture lost, but nothing that it has may be missing.
  const owed = rest.owed();
  if (owed.some((samples) => samples < 0 || (samples > 0 && !isShort)))
    throw new WarroomError('damaged', `What stands beside ${capture} is not of it.`);
  await rest.end({ mcap: await identityOf(capture), heard: rest.heard(), gaps });
}

interface Track {
  info: ChannelInfo;
  chunk: Chunk;
  /** Time of the newest sample; older ones are left out, as the series did. */
  last: number;
  /** The file has all samples before this time, and so many at it. */
  storedUntil: number;
  storedAt: number;
  /** Samples that the file has and the capture did not give yet. */
  owed: number;
}

/** Adds what the file lacks of the samples that it is given. */
class Rest {
  private readonly file: CaptureFile;
  private length: number;
  private readonly tracks = new Map<string, Track>();

  constructor(file: CaptureFile, length: number, stored: PyramidSurvey['chunks']) {
    this.file = file;
    this.length = length;
    for (const { channel, pages } of stored) {
      const track = this.track(channel);
      const at = pages.count - new StoredBody(pages).lowerBound(pages.lastTime, pages.count);
      track.storedAt = at + (at === pages.count && pages.lastTime === track.storedUntil ? track.storedAt : 0);
      track.storedUntil = pages.lastTime;
      track.owed += pages.count;
    }
  }

  async add(info: ChannelInfo, { t, v }: Samples): Promise<void> {
    const track = this.track(info);
    for (let i = 0; i < t.length; i++) {
      const time = t[i]!;
      if (!(time >= track.last) || !Number.isFinite(time)) continue;
      track.last = time;
      if (isStored(track, time)) continue;
      track.chunk.append(time, v[i]!);
      if (track.chunk.isFull) await this.write(track);
    }
  }

  /** By channel: samples that the file has and the capture did not give; below 0 where the file lacks some in between. */
  owed(): number[] {
    return [...this.tracks.values()].map(({ owed }) => owed);
  }

  /** A device was heard when any channel of it had a sample; more the capture does not tell. */
  heard(): Record<string, number> {
    const tracks = [...this.tracks.values()].filter(({ last }) => Number.isFinite(last));
    const deviceOf = (id: string) => id.split('/')[0]!;
    const latest = new Map<string, number>();
    for (const { info, last } of tracks) {
      const device = deviceOf(info.id);
      latest.set(device, Math.max(last, latest.get(device) ?? last));
    }
    return Object.fromEntries(tracks.map(({ info }) => [info.id, latest.get(deviceOf(info.id))!]));
  }

  async end(end: PyramidEnd): Promise<void> {
    for (const track of this.tracks.values()) if (track.chunk.count > 0) await this.write(track);
    await this.append(endRecord(end));
    await this.file.truncate(this.length);
  }

  private track(info: ChannelInfo): Track {
    const known = this.tracks.get(info.id);
    if (known) return known;
    const track = {
      info,
      chunk: new Chunk(true),
      last: -Infinity,
      storedUntil: -Infinity,
      storedAt: 0,
      owed: 0,
    };
    this.tracks.set(info.id, track);
    return track;
  }

  private async write(track: Track): Promise<void> {
    const { chunk, info } = track;
    track.chunk = new Chunk(false);
    await this.append(chunkRecord(info, chunk).bytes);
  }

  private async append(bytes: Uint8Array): Promise<void> {
    await this.file.write(bytes, this.length);
    this.length += bytes.length;
  }
}

/** Whether the file has the sample that comes next, at `time`. */
function isStored(track: Track, time: number): boolean {
  const isBefore = time < track.storedUntil;
  if (!isBefore && (time > track.storedUntil || track.storedAt === 0)) return false;
  if (!isBefore) track.storedAt--;
  track.owed--;
  return true;
}
