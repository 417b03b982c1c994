import type { DevicePast } from '../../common/wire/device-messages.ts';
import { rateWindows } from './rates.ts';
import type { Reader } from './reader.ts';

/** Its samples are sent on when a column holds so many. */
const enough = 16_384;

/** Reads what a device sent before its link was open, as it was read then. `send` is called in between, and at the end. */
export function readPast(reader: Reader, { bytes, ends, at }: DevicePast, send: () => void): void {
  let from = 0;
  reader.beginPast();
  at.forEach((time, i) => {
    reader.read(bytes.subarray(from, ends[i]), time);
    from = ends[i]!;
    if (reader.waiting >= enough) send();
  });
  send();
  // It says nothing about how fast the device speaks now.
  for (let i = 0; i <= rateWindows; i++) reader.turnRates();
}
