/**
 * What the incident's earlier captures hold, for the series to begin with. Read from the `.pyr` beside each; where one
 * is missing, cut or not of its capture it is made in the background, and what it holds appears when it is there.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { fromSystem, type WarroomError } from '../../common/lib/errors.ts';
import type { Gap, History } from '../../common/signal/series.ts';
import type { OpenCaptureFile } from './capture-file.ts';
import { identityOf, isSame } from './capture-identity.ts';
import type { PageCaches } from './page-cache.ts';
import { openPyramid, type PyramidFile, type PyramidSurvey } from './pyramid-file.ts';
import { completePyramid, rebuildPyramid } from './pyramid-rebuild.ts';

/** A capture of this incident that is ended. */
export interface EarlierCapture {
  /** Its MCAP file. */
  path: string;
  /** Microseconds since 1970. */
  startedAt: number;
}

export interface HistoryOptions {
  /** By their age. */
  captures: EarlierCapture[];
  /** When the capture that runs now began: what was there ends before. */
  until: number;
  caches: PageCaches;
  /** More is known now. */
  onChange(): void;
  /** A capture whose history can't be made; it is not drawn. */
  onProblem?: (problem: WarroomError) => void;
  openFile?: OpenCaptureFile;
}

export interface CaptureHistory {
  /** Every channel that any of them has, as the newest tells of it. */
  channels(): ChannelInfo[];
  of(channel: string): History;
  /** Resolves when nothing is being made any more. */
  settled(): Promise<void>;
  /** Captures that are not in it, because their history could not be made. */
  missing(): EarlierCapture[];
  close(): Promise<void>;
}

interface Part {
  capture: EarlierCapture;
  file: PyramidFile | null;
  survey: PyramidSurvey | null;
}

export const pyramidPath = (capture: string): string => `${capture.replace(/\.mcap$/, '')}.pyr`;

/** Opens what is there at once; the rest is made after. */
export async function openHistory(options: HistoryOptions): Promise<CaptureHistory> {
  const history = new EarlierParts(options);
  await history.open();
  return history;
}

class EarlierParts implements CaptureHistory {
  private readonly options: HistoryOptions;
  private readonly parts: Part[];
  private readonly stopping = new AbortController();
  private readonly failed = new Set<Part>();
  private making: Promise<void> = Promise.resolve();

  constructor(options: HistoryOptions) {
    this.options = options;
    this.parts = options.captures.map((capture) => ({ capture, file: null, survey: null }));
  }

  async open(): Promise<void> {
    for (const part of this.parts) {
      if (!existsSync(part.capture.path)) continue;
      const isComplete = await this.openPart(part).catch((error: unknown) => {
        this.options.onProblem?.(fromSystem(error, `Reading ${pyramidPath(part.capture.path)}`));
        part.survey = null;
        return false;
      });
      if (!isComplete) this.makeLater(part);
    }
  }

  channels(): ChannelInfo[] {
    const byId = new Map<string, ChannelInfo>();
    for (const { survey } of this.parts)
      for (const { channel } of survey?.chunks ?? []) byId.set(channel.id, channel);
    return [...byId.values()];
  }

  of(channel: string): History {
    const history: History = { chunks: [], gaps: [], heardUntil: -Infinity, until: this.options.until };
    this.parts.forEach(({ survey }, i) => {
      const chunks = survey?.chunks.filter((chunk) => chunk.channel.id === channel) ?? [];
      const last = chunks.at(-1)?.pages.lastTime;
      if (!survey || last === undefined) return;
      history.chunks.push(...chunks.map(({ pages }) => pages));
      const heard = Math.max(last, survey.end?.heard[channel] ?? last);
      history.heardUntil = Math.max(history.heardUntil, heard);
      history.gaps.push(...gapsOf(survey, channel), ...this.notRunning(i, heard));
    });
    return history;
  }

  settled(): Promise<void> {
    return this.making;
  }

  missing(): EarlierCapture[] {
    return [...this.failed].map(({ capture }) => capture);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.making;
    for (const { file } of this.parts) file?.close();
  }

  /** Between the end of capture `i` and the start of the next, nothing was recorded. */
  private notRunning(i: number, heard: number): Gap[] {
    const to = this.parts[i + 1]?.capture.startedAt ?? this.options.until;
    const from = Math.floor(heard) + 1;
    return to > from ? [{ from, to, reason: 'the host was not running' }] : [];
  }

  /** Reads the heads of its `.pyr`, if it is of this capture. */
  private look(part: Part): void {
    part.file?.close();
    part.file = part.survey = null;
    const { path } = part.capture;
    if (!existsSync(pyramidPath(path))) return;
    const file = openPyramid(pyramidPath(path), this.options.caches, (error) => {
      this.options.onProblem?.(fromSystem(error, `Reading ${pyramidPath(path)}, which is made again`));
      this.makeLater(part, true);
    });
    const survey = file.survey();
    if (survey.capture !== basename(path)) return file.close();
    Object.assign(part, { file, survey });
  }

  /** Answers whether nothing is to be made. */
  private async openPart(part: Part): Promise<boolean> {
    this.look(part);
    const { capture, survey } = part;
    if (!survey?.end) return false;
    if (isSame(survey.end.mcap, await identityOf(capture.path))) return true;
    // It was of another state of this file.
    survey.chunks = [];
    survey.end = null;
    return false;
  }

  private makeLater(part: Part, isAnew = false): void {
    this.making = this.making.then(() => this.make(part, isAnew));
  }

  private async make(part: Part, isAnew: boolean): Promise<void> {
    const { signal } = this.stopping;
    if (signal.aborted) return;
    const { openFile } = this.options;
    const { path } = part.capture;
    const target = { path: pyramidPath(path), capture: path, signal, ...(openFile && { openFile }) };
    try {
      const isBegun = !isAnew && part.survey !== null && part.survey.chunks.length > 0;
      if (!isBegun || !(await isCompleted(target, part.survey!))) await rebuildPyramid(target);
      if (signal.aborted) return;
      this.look(part);
    } catch (error) {
      if (signal.aborted) return;
      // Not half of it: evidence is then taken from the capture itself.
      part.survey = null;
      this.failed.add(part);
      this.options.onProblem?.(fromSystem(error, `Reading the capture ${path}`));
    }
    this.options.onChange();
  }
}

/** False when what is there is not of this capture. */
async function isCompleted(
  target: Parameters<typeof completePyramid>[0],
  survey: PyramidSurvey,
): Promise<boolean> {
  try {
    await completePyramid(target, survey);
    return true;
  } catch (error) {
    if ((error as WarroomError).code !== 'damaged') throw error;
    return false;
  }
}

function gapsOf({ end }: PyramidSurvey, channel: string): Gap[] {
  return (end?.gaps ?? [])
    .filter(({ channels }) => channels.includes(channel))
    .map(({ from, to, reason }) => ({ from, to, reason }));
}
