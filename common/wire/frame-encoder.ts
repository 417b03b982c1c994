import { WarroomError } from '../lib/errors.ts';
import { cobsBytes, encodeCobs } from './cobs.ts';
import { crc16 } from './crc16.ts';
import { frameLayout as layout } from './frame-layout.ts';
import { mostColumns } from './types.ts';

export interface FrameEncoderOptions {
  channels: number;
  /** Bytes of a sample: 3 (24 bits, as an HX711 gives) unless told. */
  width?: 3 | 4;
  /** From one row to the next, in microseconds: 0 unless told (one row a frame). Kept to the nanosecond. */
  interval?: number;
}

/** Makes the frames of one board (frame-layout.ts). */
export interface FrameEncoder {
  /** Most rows of one frame that has an interval. */
  readonly mostRows: number;
  /**
   * The next frame with its zero at the end, the first with one before it too. `time`: of the first row, microseconds.
   * `samples`: row by row, one per channel; what is over a sample's width is cut off. None: a sign of life. Throws
   * `bad-input` for rows that are not whole or too many, or a time that is none.
   */
  encode(time: number, samples: ArrayLike<number>): Uint8Array;
  /** Counts frames as sent that are not: their numbers are missing then. For rigs and tests. */
  skip(frames: number): void;
}

/** Throws `bad-input` for options that no frame can have. */
export function createFrameEncoder({ channels, width = 3, interval = 0 }: FrameEncoderOptions): FrameEncoder {
  const nanoseconds = Math.round(interval * 1000);
  if (!Number.isInteger(channels) || channels < 1 || channels > mostColumns)
    throw new WarroomError('bad-input', `A frame has 1 to ${mostColumns} channels, not ${channels}.`);
  if (!(nanoseconds >= 0 && nanoseconds < 2 ** 32))
    throw new WarroomError('bad-input', `An interval of ${interval} µs has no room in a frame.`);
  const rowBytes = channels * width;
  const overhead = layout.samples + layout.crcBytes;
  const room = Math.floor((layout.mostBytes - 1) / 255) * 254;
  const mostRows = Math.floor((room - overhead) / rowBytes);
  const bytes = new Uint8Array(overhead + mostRows * rowBytes);
  const view = new DataView(bytes.buffer);
  let number = 0;
  let isFirst = true;

  function putHead(time: number): void {
    bytes[0] = layout.version + width;
    bytes[layout.channels] = channels;
    view.setUint16(layout.number, number, true);
    view.setUint32(layout.time, time % 2 ** 32, true);
    view.setUint32(layout.time + 4, Math.floor(time / 2 ** 32), true);
    view.setUint32(layout.interval, nanoseconds, true);
  }

  /** Stuffs the first `length` bytes and puts the zeros around them. */
  function wrap(length: number): Uint8Array {
    const lead = isFirst ? 1 : 0;
    const frame = new Uint8Array(lead + cobsBytes(length) + 1);
    const end = encodeCobs(bytes, length, frame, lead);
    isFirst = false;
    // What is left of the new array is zero, and one zero ends the frame.
    return frame.subarray(0, end + 1);
  }

  return {
    mostRows,
    encode(time, samples) {
      const rows = samples.length / channels;
      const most = nanoseconds === 0 ? 1 : mostRows;
      if (!Number.isInteger(rows) || rows > most || !Number.isSafeInteger(time) || time < 0)
        throw new WarroomError('bad-input', `${samples.length} samples at ${time} µs are no frame.`);
      putHead(time);
      let at: number = layout.samples;
      for (let i = 0; i < samples.length; i++)
        for (let byte = 0; byte < width; byte++) bytes[at++] = samples[i]! >> (8 * byte);
      view.setUint16(at, crc16(bytes, at), true);
      number = (number + 1) & 0xffff;
      return wrap(at + layout.crcBytes);
    },
    skip: (frames) => void (number = (number + frames) & 0xffff),
  };
}
