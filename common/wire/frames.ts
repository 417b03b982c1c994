import { decodeCobs } from './cobs.ts';
import { crc16 } from './crc16.ts';
import { frameLayout as layout } from './frame-layout.ts';
import { createFrameSequence } from './frame-sequence.ts';
import { mostColumns, type Dialect, type DialectColumn, type ReadingSink } from './types.ts';

/**
 * Binary frames as frame-layout.ts describes them; frame-encoder.ts makes them. Columns are `raw`, `raw2`, `raw3` … in
 * counts, as many as frames have channels. A frame whose CRC is wrong or that came twice is refused. `takeLost` counts
 * rows of frames that never came, by their numbers.
 */
export function createFrames(): Dialect {
  const columns: DialectColumn[] = [];
  const bytes = new Uint8Array(layout.mostBytes);
  const view = new DataView(bytes.buffer);
  const sequence = createFrameSequence();

  function growTo(channels: number): void {
    for (let n = columns.length + 1; n <= channels; n++) {
      const isFirst = n === 1;
      columns.push({
        column: isFirst ? 'raw' : `raw${n}`,
        name: isFirst ? 'Raw' : `Raw ${n}`,
        unit: 'counts',
        kind: 'linear',
      });
    }
  }

  function putRows(rows: number, channels: number, width: number, out: ReadingSink): void {
    const time = timeIn(view);
    const interval = view.getUint32(layout.interval, true) / 1000;
    let at: number = layout.samples;
    for (let row = 0; row < rows; row++) {
      out.moment(time + row * interval);
      for (let channel = 0; channel < channels; channel++, at += width)
        // The 4 bytes that end with the sample, without the lowest: the sign comes along.
        out.add(channel, width === 4 ? view.getInt32(at, true) : view.getInt32(at - 1, true) >> 8);
    }
  }

  return {
    name: 'frames',
    columns,
    ends: 'zero',
    maxLineBytes: layout.mostBytes,
    parse(line, out) {
      const length = decodeCobs(line, bytes) - layout.crcBytes;
      if (length < layout.samples || crc16(bytes, length) !== view.getUint16(length, true)) return false;
      const width = bytes[0]! - layout.version;
      const channels = bytes[layout.channels]!;
      const rows = (length - layout.samples) / (channels * width);
      if ((width !== 3 && width !== 4) || channels < 1 || channels > mostColumns) return false;
      if (!Number.isInteger(rows) || !Number.isSafeInteger(timeIn(view))) return false;
      const interval = view.getUint32(layout.interval, true) / 1000;
      if (rows > 1 && interval === 0) return false;
      if (!sequence.follow(view.getUint16(layout.number, true), timeIn(view), rows, interval)) return false;
      growTo(channels);
      putRows(rows, channels, width, out);
      return true;
    },
    takeLost: sequence.takeLost,
  };
}

const timeIn = (view: DataView) =>
  view.getUint32(layout.time + 4, true) * 2 ** 32 + view.getUint32(layout.time, true);
