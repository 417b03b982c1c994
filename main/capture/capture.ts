/** The capture of one incident: every channel as a series for the scopes, and all that comes in one MCAP file. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { Series } from '../../common/signal/series.ts';
import type { RejectedBytes, SampleBlock } from '../../common/wire/types.ts';
import type { FileLoss } from './backlog.ts';
import { createCaptureChannels, type CaptureChannels, type Channel } from './capture-channels.ts';
import type { HistoryGap } from './pyramid-layout.ts';
import { startPyramids, type Pyramids } from './pyramids.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type {
  Capture,
  CaptureChannel,
  CaptureDeps,
  CaptureGap,
  CaptureStart,
  LostBlock,
  ReadSamples,
  SamplesListener,
} from './types.ts';
import { exportWindow, windowOf, type WindowFile } from './window-export.ts';

interface Running {
  recorder: Recorder;
  pyramids: Pyramids;
  book: CaptureChannels;
}

interface Device {
  id: string;
  channels: Channel[];
  rejectedTopic: string;
}

const updateEveryMs = 250;

export function createCapture(deps: CaptureDeps): Capture {
  return new IncidentCapture(deps);
}

class IncidentCapture implements Capture {
  readonly channels = createWatchable<CaptureChannel[]>([]);
  private readonly deps: CaptureDeps;
  private readonly devices = new Map<string, Device>();
  private readonly closeListeners = new Set<() => void>();
  private readonly sampleListeners = new Set<SamplesListener>();
  private started: Running | null = null;
  private startedAt = 0;
  private readonly gaps: HistoryGap[] = [];
  private isClosed = false;
  private hasNews = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: CaptureDeps) {
    this.deps = deps;
  }

  async start({ folder, captureId, earlier = [] }: CaptureStart): Promise<{ path: string; file: string }> {
    if (this.started) throw new WarroomError('internal', 'This capture was started before.');
    const file = `captures/${captureId}.mcap`;
    const path = join(folder, file);
    const { onProblem, openFile } = this.deps;
    try {
      await mkdir(dirname(path), { recursive: true });
    } catch (error) {
      throw fromSystem(error, `Starting the capture ${path}`);
    }
    const recorder = await createRecorder({
      path,
      ...(onProblem && { onProblem }),
      onLost: (loss) => this.noteFileLoss(loss),
      ...(openFile && { openFile }),
    });
    this.startedAt = this.now();
    const pyramids = await startPyramids({
      ...this.deps.pyramid,
      capture: path,
      startedAt: this.startedAt,
      earlier: earlier.map((capture) => ({ ...capture, path: join(folder, capture.file) })),
      flush: () => recorder.flush(),
      onProblem: (problem) => this.deps.onPyramidProblem?.(problem),
      onHistory: () => {
        this.started?.book.takeHistory();
        this.hasNews = true;
      },
    });
    const book = createCaptureChannels(pyramids);
    book.takeHistory();
    this.started = { recorder, pyramids, book };
    this.hasNews = true;
    this.timer = setInterval(() => this.hasNews && this.publish(), updateEveryMs);
    this.timer.unref();
    return { path, file };
  }

  addDevice(id: string, channels: ChannelInfo[]): void {
    const { recorder, book } = this.running();
    let device = this.devices.get(id);
    if (!device) {
      device = { id, channels: [], rejectedTopic: recorder.addRejected(id) };
      this.devices.set(id, device);
    }
    for (const info of channels) {
      const known = book.find(info.id);
      if (known?.isRecorded) {
        known.due = null;
        continue;
      }
      device.channels.push(book.record(info, id));
      recorder.addChannel(info);
    }
    this.publish();
  }

  push(blocks: SampleBlock[]): CaptureGap[] {
    if (this.isClosed) return [];
    const recorder = this.recorder();
    const gaps: (CaptureGap | null)[] = [];
    for (const block of blocks) {
      const channel = this.channel(block.channel);
      const first = block.t[0];
      if (first === undefined) continue;
      const { lostSince } = channel.series;
      if (lostSince !== null && first > lostSince) gaps.push(this.linkBack(channel.device, first));
      const missing = channel.due !== null && block.seq > channel.due ? block.seq - channel.due : 0;
      channel.due = block.seq + 1;
      if (missing > 0)
        gaps.push(this.noteLoss([block.channel], first, missing, 'blocks were lost on the way'));
      recorder.samples(block);
      const before = channel.series.appended;
      const leftOut = channel.series.append(block.t, block.v);
      this.tell(channel, block, before);
      if (leftOut > 0) gaps.push(this.noteLeftOut(channel, block, leftOut));
    }
    this.hasNews = true;
    return gaps.filter((gap) => gap !== null);
  }

  pushRejected(rejected: RejectedBytes): void {
    if (this.isClosed) return;
    // At a wrong rate a device gives nothing but such bytes, before any channel of it is known.
    if (!this.devices.has(rejected.device)) this.addDevice(rejected.device, []);
    const topic = this.devices.get(rejected.device)?.rejectedTopic;
    if (topic !== undefined) this.recorder().rejected(topic, rejected.at, rejected);
  }

  noteLoss(channels: string[], at: number, lost: number, reason: string): CaptureGap | null {
    if (this.isClosed) return null;
    const found = channels.map((id) => this.channel(id));
    for (const channel of found) channel.lost += lost;
    const from = Math.min(at, ...found.map((channel) => this.knownUntil(channel)).filter(Number.isFinite));
    return this.record({ channels, from: Math.floor(from), to: Math.ceil(at), reason, lost });
  }

  noteLostBlock({ channel: id, seq, samples, from, to }: LostBlock, reason: string): CaptureGap | null {
    if (this.isClosed) return null;
    const channel = this.channel(id);
    // Its successor's number leaves it out, and must not tell it a second time.
    if (channel.due !== null && seq >= channel.due) channel.due++;
    channel.lost += samples;
    const span = { from: Math.floor(from), to: Math.floor(to) + 1 };
    return this.record({ channels: [id], ...span, reason, lost: samples });
  }

  /** Until when nothing of the channel is missing in this run; not finite where it was not heard in it. */
  private knownUntil({ series }: Channel): number {
    // Where the device was heard without a change, nothing was missing until then.
    const known = series.kind === 'step' ? series.heardUntil : series.lastTime;
    return series.appended > 0 || known >= this.startedAt ? known : NaN;
  }

  linkLost(id: string, at: number): void {
    for (const { series } of this.devices.get(id)?.channels ?? []) series.lostSince ??= at;
  }

  linkBack(id: string, at: number): CaptureGap | null {
    const lost = this.devices.get(id)?.channels.filter(({ series }) => series.lostSince !== null) ?? [];
    if (lost.length === 0 || this.isClosed) return null;
    let from = -Infinity;
    for (const { series } of lost) {
      from = Math.max(
        from,
        series.lostSince ?? -Infinity,
        Number.isNaN(series.lastTime) ? -Infinity : series.lastTime,
      );
      series.lostSince = null;
    }
    if (at <= from) return null;
    const channels = lost.map(({ info }) => info.id);
    return this.record({
      channels,
      from: Math.floor(from),
      to: Math.ceil(at),
      reason: 'the link was lost',
      lost: 0,
    });
  }

  heard(id: string, at: number): void {
    if (this.isClosed) return;
    for (const { series } of this.devices.get(id)?.channels ?? [])
      if (series.lostSince === null) series.heard(at);
  }

  series(channel: string): Series | undefined {
    return this.started?.book.find(channel)?.series;
  }

  records(channel: string): boolean {
    return this.started?.book.find(channel)?.isRecorded ?? false;
  }

  historySettled(): Promise<void> {
    return this.running().pyramids.history.settled();
  }

  read(id: string, from: number, to: number, maxSamples: number): ReadSamples {
    const { series } = this.channel(id);
    const first = series.indexAt(from);
    const total = Math.max(0, series.indexAt(to) - first);
    const { t, v } = series.slice(first, first + Math.min(total, maxSamples));
    if (!t.some(Number.isNaN)) return { t, v, total };
    // Of a damaged page, which is being made again.
    return { t: t.filter((time) => !Number.isNaN(time)), v: v.filter((_, i) => !Number.isNaN(t[i])), total };
  }

  onSamples(listener: SamplesListener): () => void {
    this.sampleListeners.add(listener);
    return () => this.sampleListeners.delete(listener);
  }

  now(): number {
    return this.deps.platform.clock.now();
  }

  async exportWindow(ids: string[], from: number, to: number): Promise<AsyncIterable<Uint8Array>> {
    if (!(to > from))
      throw new WarroomError('bad-input', 'The window ends before it begins.', 'Select a span of time.');
    ids.forEach((id) => this.channel(id));
    if (from < this.startedAt) await this.historySettled();
    const channels = ids.map((id) => windowOf(this.channel(id), from, to));
    const earlier = this.missingFor(ids, from, to);
    const givenUp = new Map(ids.map((id) => [id, [...this.channel(id).series.givenUp]]));
    // After the snapshots: so the file has whatever is in none of them.
    const recorder = this.recorder();
    if (!this.isClosed) await recorder.flush();
    const own = { path: recorder.path, length: recorder.flushedLength, spans: givenUp };
    return exportWindow({ channels, from, to, files: [...earlier, own] });
  }

  flushedLength(): number {
    return this.started?.recorder.flushedLength ?? 0;
  }

  async flush(): Promise<void> {
    const { recorder, pyramids } = this.running();
    await recorder.flush();
    await pyramids.flush();
  }

  copyPart(toPath: string): Promise<{ path: string; bytes: number }> {
    return this.recorder().copyPart(toPath);
  }

  async close(): Promise<{ path: string; bytes: number; gaps: CaptureGap[] }> {
    const recorder = this.recorder();
    if (this.isClosed) throw new WarroomError('refused', 'This capture is closed.');
    const now = this.now();
    const gaps = [...this.devices.keys()].map((id) => this.linkBack(id, now)).filter((gap) => gap !== null);
    clearInterval(this.timer);
    this.publish();
    this.isClosed = true;
    for (const listener of [...this.closeListeners]) listener();
    this.closeListeners.clear();
    try {
      const closed = await recorder.close();
      await this.closePyramids(true);
      return { ...closed, gaps };
    } catch (error) {
      await this.closePyramids(false);
      throw error;
    }
  }

  onClose(listener: () => void): () => void {
    if (this.isClosed) listener();
    else this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  /** Tells of the samples that the series took of `block`: those numbered from `before` on. */
  private tell({ info, series }: Channel, block: SampleBlock, before: number): void {
    if (this.sampleListeners.size === 0 || series.appended === before) return;
    const isWhole = series.appended - before === block.t.length;
    const taken = isWhole ? block : { ...block, ...series.slice(before, series.appended) };
    for (const listener of this.sampleListeners) {
      try {
        listener(taken, info);
      } catch (error) {
        this.deps.onListenerError?.(error);
      }
    }
  }

  /** The file keeps such samples; a series that is drawn can't. */
  private noteLeftOut(channel: Channel, { t }: SampleBlock, leftOut: number): CaptureGap | null {
    const at = Math.max(channel.series.lastTime, t.at(-1) ?? 0);
    if (!Number.isFinite(at)) return null;
    channel.lost += leftOut;
    const span = { from: Math.floor(at), to: Math.ceil(at) + 1 };
    return this.record({ channels: [channel.info.id], ...span, reason: 'times stepped back', lost: leftOut });
  }

  /** The file says so itself; the series have the samples for as long as memory or the file beside it has them. */
  private noteFileLoss(loss: FileLoss): void {
    for (const [id, { from, to, samples }] of loss.spans) {
      const channel = this.running().book.find(id);
      // Rejected bytes are in no series.
      if (!channel) continue;
      channel.lost += samples;
      this.markGap({ channels: [id], from: Math.floor(from), to: Math.floor(to) + 1, reason: loss.reason });
    }
    this.deps.onFileLoss?.(loss);
  }

  private record(gap: CaptureGap): CaptureGap {
    this.recorder().gap(gap);
    const { channels, from, to, reason } = gap;
    this.markGap({ channels, from, to, reason });
    return gap;
  }

  /** On the scopes, and beside the capture for the next run. */
  private markGap(gap: HistoryGap): void {
    for (const id of gap.channels) this.channel(id).series.addGap(gap.from, gap.to, gap.reason);
    this.gaps.push(gap);
    this.hasNews = true;
  }

  private channel(id: string): Channel {
    return this.running().book.of(id);
  }

  private recorder(): Recorder {
    return this.running().recorder;
  }

  private running(): Running {
    if (!this.started)
      throw new WarroomError('refused', 'No capture was started.', 'Open an incident first.');
    return this.started;
  }

  /** Earlier captures to look into: their history could not be made. */
  private missingFor(ids: string[], from: number, to: number): WindowFile[] {
    const spans = new Map(ids.map((id) => [id, [{ from, to }]]));
    const missing = from < this.startedAt ? this.running().pyramids.history.missing() : [];
    return missing.map(({ path }) => ({ path, spans }));
  }

  private closePyramids(isRecorded: boolean): Promise<void> {
    const { pyramids, book } = this.running();
    const { last, heard, isWhole } = book.atTheEnd();
    return pyramids.close(last, isRecorded && isWhole ? { heard, gaps: this.gaps } : null);
  }

  private publish(): void {
    this.hasNews = false;
    this.channels.set(this.running().book.list());
  }
}
