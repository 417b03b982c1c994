import type { DevicePast } from '../../common/wire/device-messages.ts';
import { rateWindows } from './rates.ts';
import type { Reader } from './reader.ts';

/** Its samples are sent on as often as this, in microseconds of its own time. */
const sendEvery = 10_000_000;

/** Reads what a device sent before it was connected, as it was read then. `send` is called again and again in between. */
export function readPast(reader: Reader, { bytes, ends, at }: DevicePast, send: () => void): void {
  let from = 0;
  let sentAt = -Infinity;
  at.forEach((time, i) => {
    reader.read(bytes.subarray(from, ends[i]), time);
    from = ends[i]!;
    if (time - sentAt < sendEvery) return;
    send();
    sentAt = time;
  });
  send();
  // It says nothing about how fast the device speaks now.
  for (let i = 0; i <= rateWindows; i++) reader.turnRates();
}
