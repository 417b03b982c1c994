/**
 * How a chunk of samples lies on disk: in pages, so that a query reads the levels that it needs and, where a column begins
 * or ends, one page of samples. Little-endian, as typed arrays are on every machine that this runs on. A chunk of `count`
 * samples is these pages of 4104 bytes, one after another:
 *
 * - 1 page of nodes over 256 samples each,
 * - ⌈count / 4096⌉ pages of nodes over 16 samples each,
 * - ⌈count / 512⌉ compact or ⌈count / 256⌉ wide pages of samples, all of the chunk of one kind.
 *
 * A page of nodes is 256 × f64 time of the node's first sample, then 256 × (f32 minimum, f32 maximum), which are +∞ and
 * −∞ where no sample is a number. A wide page is 256 × f64 time, then 256 × f64 value. A compact one is f64 time of its
 * first sample, 512 × u32 quarter microseconds since then, 512 × f32 value; a chunk has them only where each of its
 * samples is exactly what that says (the counts of an ADC are: float32 holds 24 bits, and a float64 of microseconds since
 * 1970 holds no more than quarters). What is left of a page is zeros.
 */
import { fanOut, type Chunk } from './pyramid.ts';

/** Nodes of one page, and samples of a wide one. */
export const pageRecords = 256;
const compactRecords = 512;
const half = pageRecords * 8;
export const pageBytes = 8 + 2 * half;

/** One page in memory: views of the same bytes for each kind that it may be of. */
export interface Page {
  /** Nodes or wide. Of a compact page the first is its origin. */
  readonly times: Float64Array;
  /** Minimum and maximum of node n at 2n and 2n + 1. */
  readonly extents: Float32Array;
  /** Wide. */
  readonly values: Float64Array;
  /** Compact. */
  readonly steps: Uint32Array;
  readonly singles: Float32Array;
}

/** Microseconds of a step of a compact page. */
export const compactStep = 0.25;

/** What is known of a chunk on disk without reading it. Times are microseconds since 1970. */
export interface ChunkSummary {
  count: number;
  firstTime: number;
  lastTime: number;
  /** Rounded to float32; `min > max` where no sample is a number. */
  min: number;
  max: number;
  isCompact: boolean;
}

/** A chunk on disk. */
export interface StoredPages extends Readonly<ChunkSummary> {
  /**
   * Page number `n`; null when it can't be read or is damaged. What it answers is valid until many more pages were
   * asked for (at least those of a whole chunk).
   */
  page(n: number): Page | null;
}

/** Where a series puts its full chunks. */
export interface ChunkStore {
  /**
   * Takes a chunk that changes no more. Resolves when it can be read from disk; with null when it was given up because
   * too many wait. Never rejects.
   */
  put(chunk: Chunk): Promise<StoredPages | null>;
}

/** The bytes of `buffer` from `at` on, a multiple of 8, as a page. */
export function createPage(buffer: ArrayBuffer = new ArrayBuffer(pageBytes), at = 0): Page {
  return new PageViews(buffer, at);
}

/** Makes a view when it is first asked for: of many thousand pages they would take more room than they are worth. */
class PageViews implements Page {
  private readonly buffer: ArrayBuffer;
  private readonly at: number;
  private madeTimes: Float64Array | undefined;
  private madeExtents: Float32Array | undefined;
  private madeValues: Float64Array | undefined;
  private madeSteps: Uint32Array | undefined;
  private madeSingles: Float32Array | undefined;

  constructor(buffer: ArrayBuffer, at: number) {
    this.buffer = buffer;
    this.at = at;
  }

  get times(): Float64Array {
    return (this.madeTimes ??= new Float64Array(this.buffer, this.at, pageRecords));
  }

  get extents(): Float32Array {
    return (this.madeExtents ??= new Float32Array(this.buffer, this.at + half, pageRecords * 2));
  }

  get values(): Float64Array {
    return (this.madeValues ??= new Float64Array(this.buffer, this.at + half, pageRecords));
  }

  get steps(): Uint32Array {
    return (this.madeSteps ??= new Uint32Array(this.buffer, this.at + 8, compactRecords));
  }

  get singles(): Float32Array {
    return (this.madeSingles ??= new Float32Array(this.buffer, this.at + half + 8, compactRecords));
  }
}

export function summaryOf(chunk: Chunk): ChunkSummary {
  const { count, t, extent } = chunk;
  return { count, firstTime: t[0]!, lastTime: t[count - 1]!, ...extent, isCompact: isCompact(chunk) };
}

export const samplesPerPage = ({ isCompact }: Pick<ChunkSummary, 'isCompact'>): number =>
  isCompact ? compactRecords : pageRecords;

/** Pages of fine nodes, and of all kinds, that a chunk has. */
export function pagesOf(chunk: Pick<ChunkSummary, 'count' | 'isCompact'>): { fine: number; all: number } {
  const fine = Math.ceil(chunk.count / (pageRecords * fanOut));
  return { fine, all: 1 + fine + Math.ceil(chunk.count / samplesPerPage(chunk)) };
}

/** Writes page `n` of the chunk into bytes that are zero. */
export function writePage(chunk: Chunk, summary: ChunkSummary, n: number, into: Page): void {
  const { fine } = pagesOf(summary);
  if (n > fine) {
    const from = (n - 1 - fine) * samplesPerPage(summary);
    if (summary.isCompact) writeCompact(chunk, from, into);
    else writeWide(chunk, from, into);
  } else if (n === 0) writeNodes(chunk.coarseTimes, chunk.coarse, 0, nodesIn(chunk.count, 2), into);
  else writeNodes(chunk.fineTimes, chunk.fine, (n - 1) * pageRecords, nodesIn(chunk.count, 1), into);
}

function isCompact({ t, v, count }: Chunk): boolean {
  for (let i = 0; i < count; i++) {
    const steps = (t[i]! - t[i - (i % compactRecords)]!) / compactStep;
    if (!Number.isInteger(steps) || steps >= 2 ** 32 || !Object.is(Math.fround(v[i]!), v[i]!)) return false;
  }
  return true;
}

function writeCompact({ t, v, count }: Chunk, from: number, into: Page): void {
  const origin = t[from]!;
  into.times[0] = origin;
  for (let i = from; i < Math.min(count, from + compactRecords); i++)
    into.steps[i - from] = (t[i]! - origin) / compactStep;
  into.singles.set(v.subarray(from, Math.min(count, from + compactRecords)));
}

function writeWide(chunk: Chunk, from: number, into: Page): void {
  const to = Math.min(chunk.count, from + pageRecords);
  into.times.set(chunk.t.subarray(from, to));
  into.values.set(chunk.v.subarray(from, to));
}

function writeNodes(
  times: Float64Array,
  extents: Float32Array,
  from: number,
  nodes: number,
  into: Page,
): void {
  const to = Math.min(nodes, from + pageRecords);
  into.times.set(times.subarray(from, to));
  into.extents.set(extents.subarray(from * 2, to * 2));
}

const nodesIn = (count: number, levels: number): number => Math.ceil(count / fanOut ** levels);
