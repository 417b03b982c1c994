import type { SampleBlock } from '../../common/wire/types.ts';

/** Samples of one channel until the next block. */
export interface Column {
  readonly channel: string;
  readonly count: number;
  add(t: number, v: number, deviceTime: number | undefined): void;
  /** What was added since the last time, as a block with the next number; null when nothing was. */
  take(): SampleBlock | null;
}

const usualCapacity = 256;

/** `firstSeq`: the number of its first block. */
export function createColumn(channel: string, firstSeq: number): Column {
  let t = new Float64Array(usualCapacity);
  let v = new Float64Array(usualCapacity);
  let count = 0;
  let seq = firstSeq;
  let lastDeviceTime: number | undefined;

  function grow(): void {
    const [oldT, oldV] = [t, v];
    t = new Float64Array(oldT.length * 2);
    v = new Float64Array(oldV.length * 2);
    t.set(oldT);
    v.set(oldV);
  }

  return {
    channel,
    get count() {
      return count;
    },
    add(time, value, deviceTime) {
      if (count === t.length) grow();
      t[count] = time;
      v[count] = value;
      count++;
      lastDeviceTime = deviceTime;
    },
    take() {
      if (count === 0) return null;
      const block: SampleBlock = { channel, seq: seq++, t: t.slice(0, count), v: v.slice(0, count) };
      if (lastDeviceTime !== undefined) block.deviceTime = lastDeviceTime;
      count = 0;
      return block;
    },
  };
}

/** Bytes that a block's samples take. */
export const blockBytes = (block: SampleBlock): number => block.t.byteLength + block.v.byteLength;
