/**
 * How a chunk of samples lies on disk: in pages of 256 records of 16 bytes, so that a query reads the levels that it
 * needs and, where a column begins or ends, one page of samples. Little-endian, as typed arrays are on every machine
 * that this runs on. A chunk of `count` samples is these pages, one after another:
 *
 * - 1 page of nodes over 256 samples each,
 * - ⌈count / 4096⌉ pages of nodes over 16 samples each,
 * - ⌈count / 256⌉ pages of samples.
 *
 * A page of nodes is 256 × f64 time of the node's first sample, then 256 × (f32 minimum, f32 maximum), which are +∞ and
 * −∞ where no sample is a number. A page of samples is 256 × f64 time, then 256 × f64 value. The last page of a kind is
 * filled up with zeros.
 */
import { fanOut, type Chunk } from './pyramid.ts';

/** Records of one page. */
export const pageRecords = 256;
export const pageBytes = pageRecords * 16;

/** One page in memory: three views of the same bytes, of which `values` is for samples and `extents` for nodes. */
export interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Minimum and maximum of node n at 2n and 2n + 1. */
  readonly extents: Float32Array;
}

/** What is known of a chunk on disk without reading it. Times are microseconds since 1970. */
export interface ChunkSummary {
  count: number;
  firstTime: number;
  lastTime: number;
  /** Rounded to float32; `min > max` where no sample is a number. */
  min: number;
  max: number;
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

/** The view of `bytes` as a page. Its offset is a multiple of 8. */
export function createPage(bytes = new Uint8Array(pageBytes)): Page {
  const { buffer, byteOffset } = bytes;
  const half = byteOffset + pageBytes / 2;
  return {
    bytes,
    times: new Float64Array(buffer, byteOffset, pageRecords),
    values: new Float64Array(buffer, half, pageRecords),
    extents: new Float32Array(buffer, half, pageRecords * 2),
  };
}

/** Pages of fine nodes, and of all kinds, that a chunk of `count` samples has. */
export function pagesOf(count: number): { fine: number; all: number } {
  const fine = Math.ceil(count / (pageRecords * fanOut));
  return { fine, all: 1 + fine + Math.ceil(count / pageRecords) };
}

/** Writes page `n` of the chunk, whole. */
export function writePage(chunk: Chunk, n: number, into: Page): void {
  const { fine } = pagesOf(chunk.count);
  into.bytes.fill(0);
  if (n > fine) writeSamples(chunk, (n - 1 - fine) * pageRecords, into);
  else if (n === 0) writeNodes(chunk.coarseTimes, chunk.coarse, 0, nodesIn(chunk.count, 2), into);
  else writeNodes(chunk.fineTimes, chunk.fine, (n - 1) * pageRecords, nodesIn(chunk.count, 1), into);
}

function writeSamples(chunk: Chunk, from: number, into: Page): void {
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
