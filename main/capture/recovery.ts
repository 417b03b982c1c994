/** Makes a capture whole that was cut off (its process ended) or damaged, and says exactly what is lost. */
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { McapTypes } from '@mcap/core';
import { z } from 'zod';
import { fromSystem } from '../../common/lib/errors.ts';
import { syncFolder } from '../platform/sync-folder.ts';
import { createCaptureFile, type CaptureFile } from './capture-file.ts';
import { createMcapLayout, type Piece } from './mcap-layout.ts';
import { scanMcap, windowed, type Definitions, type Scanned } from './mcap-scan.ts';
import { metadataName } from './sample-layout.ts';

const lostRun = z.object({
  chunks: z.number(),
  bytes: z.number(),
  /** Last time before it; null when nothing whole comes before. */
  from: z.number().nullable(),
  /** First time after it; null when nothing whole comes after: how much is missing at the end is not known. */
  to: z.number().nullable(),
});

/** One run of bytes that could not be read, with the times of the messages around it in microseconds. */
export type LostRun = z.infer<typeof lostRun>;

export interface Recovery {
  /** False: the file was whole, and was left as it is. */
  recovered: boolean;
  /** The file was whole because it was recovered before: what was lost then is said again. */
  recoveredBefore: boolean;
  chunksLost: number;
  bytesLost: number;
  /** Host time of the last message that is left, microseconds since 1970; null when there is none. */
  lastTime: number | null;
  lost: LostRun[];
}

/**
 * Checks the capture at `path`. Where it is not whole, everything whole in it is written to a new file, which then
 * takes its place in one step. Rejects with `not-found`, `denied`, `no-space`; then the file is as it was.
 */
export async function recoverCapture(path: string): Promise<Recovery> {
  try {
    const { size } = await stat(path);
    const handle = await open(path, 'r');
    try {
      const survey = await takeSurvey(scanMcap(windowed(handle, size)));
      if (survey.isWhole) return wholeAsItIs(survey);
      const rewrite = (file: CaptureFile) => writeWhole(file, scanMcap(windowed(handle, size)), survey);
      await replace(path, rewrite);
      return { recovered: true, recoveredBefore: false, ...report(survey) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fromSystem(error, `Recovering the capture ${path}`);
  }
}

interface Survey {
  isWhole: boolean;
  schemas: Map<number, McapTypes.Schema>;
  channels: Map<number, McapTypes.Channel>;
  lost: LostRun[];
  /** What each earlier recovery of this file wrote into it. */
  earlier: LostRun[][];
  lastTime: number | null;
}

async function takeSurvey(scan: AsyncIterable<Scanned>): Promise<Survey> {
  const survey: Survey = {
    isWhole: false,
    schemas: new Map(),
    channels: new Map(),
    lost: [],
    earlier: [],
    lastTime: null,
  };
  const proven = { schemas: new Set<number>(), channels: new Set<number>() };
  for await (const item of scan) {
    if (item.kind === 'whole') survey.isWhole = true;
    else if (item.kind === 'definitions') addUnproven(survey, item.definitions, proven);
    else if (item.kind === 'lost') {
      if (item.bytes > 0 || item.chunks > 0)
        survey.lost.push({ chunks: item.chunks, bytes: item.bytes, from: survey.lastTime, to: null });
    } else if (item.kind === 'chunk') addChunk(survey, item, proven);
    else if (item.kind === 'metadata' && item.metadata.name === metadataName.recovered)
      survey.earlier.push(lostRunsIn(item.metadata));
  }
  return survey;
}

interface Proven {
  schemas: Set<number>;
  channels: Set<number>;
}

/** Names outside chunks have no checksum: they count only where no chunk gives them. */
function addUnproven(survey: Survey, { schemas, channels }: Definitions, proven: Proven): void {
  for (const schema of schemas) if (!proven.schemas.has(schema.id)) survey.schemas.set(schema.id, schema);
  for (const channel of channels)
    if (!proven.channels.has(channel.id)) survey.channels.set(channel.id, channel);
}

function addChunk(survey: Survey, item: Extract<Scanned, { kind: 'chunk' }>, proven: Proven): void {
  for (const schema of item.definitions.schemas) {
    survey.schemas.set(schema.id, schema);
    proven.schemas.add(schema.id);
  }
  for (const channel of item.definitions.channels) {
    survey.channels.set(channel.id, channel);
    proven.channels.add(channel.id);
  }
  if (item.content.indexes.length === 0) return;
  const start = Number(item.content.startTime / 1000n);
  for (const run of survey.lost) run.to ??= start;
  survey.lastTime = Math.max(survey.lastTime ?? 0, Number(item.content.endTime / 1000n));
}

/** A host that ended between making the file whole and saying so leaves only what the file itself says. */
function wholeAsItIs(survey: Survey): Recovery {
  const lost = survey.earlier.flat();
  return {
    recovered: false,
    recoveredBefore: survey.earlier.length > 0,
    ...report({ lost, lastTime: survey.lastTime }),
  };
}

/** Metadata has no checksum of its own, and need not be ours: what it does not say clearly, it does not say. */
export function lostRunsIn({ metadata }: McapTypes.Metadata): LostRun[] {
  try {
    return lostRun.array().parse(JSON.parse(metadata.get('lost') ?? '[]'));
  } catch {
    return [];
  }
}

function report({
  lost,
  lastTime,
}: Pick<Survey, 'lost' | 'lastTime'>): Omit<Recovery, 'recovered' | 'recoveredBefore'> {
  const chunksLost = lost.reduce((sum, run) => sum + run.chunks, 0);
  const bytesLost = lost.reduce((sum, run) => sum + run.bytes, 0);
  return { chunksLost, bytesLost, lastTime, lost };
}

async function writeWhole(file: CaptureFile, scan: AsyncIterable<Scanned>, survey: Survey): Promise<void> {
  const layout = createMcapLayout();
  const write = async (piece: Piece) => {
    await file.write(piece.bytes, layout.length);
    piece.commit();
  };
  await write(layout.opening());
  await write(layout.definitions([...survey.schemas.values()], [...survey.channels.values()]));
  for await (const item of scan) {
    if (item.kind === 'metadata')
      await write(layout.metadata(item.metadata.name, Object.fromEntries(item.metadata.metadata)));
    if (item.kind !== 'chunk') continue;
    const isNamed = item.content.indexes.every((index) => survey.channels.has(index.channelId));
    if (isNamed) await write(layout.chunk(item.content));
    else survey.lost.push({ chunks: 1, bytes: item.content.records.length, from: null, to: null });
  }
  const { chunksLost, bytesLost, lost } = report(survey);
  const values = { chunksLost: `${chunksLost}`, bytesLost: `${bytesLost}`, lost: JSON.stringify(lost) };
  await write(layout.metadata(metadataName.recovered, values));
  await file.write(layout.closing(), layout.length);
  await file.datasync();
}

/** Writes beside `path`, then renames over it; on an error nothing of it stays. */
async function replace(path: string, write: (file: CaptureFile) => Promise<void>): Promise<void> {
  const beside = `${path}.recovering`;
  await rm(beside, { force: true });
  const file = await createCaptureFile(beside);
  try {
    await write(file).finally(() => file.close());
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
