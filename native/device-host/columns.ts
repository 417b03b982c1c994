import type { SampleBlock } from '../../common/wire/types.ts';

/** Samples of one channel until the next block. */
export interface Column {
  readonly channel: string;
  readonly count: number;
  /** A value of a moment of the read that is under way; it has no time until `stamp`. */
  add(moment: number, value: number): void;
  /** Gives what was added since the last time its moments' times on both axes (`deviceTimes`: NaN where there is none). */
  stamp(times: Float64Array, deviceTimes: Float64Array): void;
  /** What was stamped since the last time, as a block with the next number; null when nothing was. */
  take(): SampleBlock | null;
}

const usualCapacity = 256;

/** `firstSeq`: the number of its first block. */
export function createColumn(channel: string, firstSeq: number): Column {
  /** Times; for what is not stamped yet, moments. */
  let t = new Float64Array(usualCapacity);
  let v = new Float64Array(usualCapacity);
  let count = 0;
  let stamped = 0;
  let seq = firstSeq;
  let lastDeviceTime = NaN;

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
    add(moment, value) {
      if (count === t.length) grow();
      t[count] = moment;
      v[count] = value;
      count++;
    },
    stamp(times, deviceTimes) {
      if (stamped === count) return;
      lastDeviceTime = deviceTimes[t[count - 1]!]!;
      for (; stamped < count; stamped++) t[stamped] = times[t[stamped]!]!;
    },
    take() {
      if (stamped === 0) return null;
      const block: SampleBlock = { channel, seq: seq++, t: t.slice(0, stamped), v: v.slice(0, stamped) };
      if (!Number.isNaN(lastDeviceTime)) block.deviceTime = lastDeviceTime;
      count = stamped = 0;
      return block;
    },
  };
}

/** Bytes that a block's samples take. */
export const blockBytes = (block: SampleBlock): number => block.t.byteLength + block.v.byteLength;
