import type { RejectedBytes } from '../../common/wire/types.ts';
import { joinBytes } from './join-bytes.ts';

/** Keeps what no parser took, within a rate: a source of noise must not drown the host. */
export interface Rejects {
  /** All rejected bytes, kept or cut. */
  readonly total: number;
  /** Lines rejected whole. */
  readonly lines: number;
  /** A part of a rejected line; `last` ends it. */
  add(part: Uint8Array, last: boolean, reason: string): void;
  /** What was kept since the last time, in messages of at most 16 KiB. */
  take(now: number): RejectedBytes[];
}

const mostPerMessage = 16_384;
/** Kept per second in the long run, and at once after a quiet time. */
const keptPerSecond = 65_536;
const burst = 262_144;
/** A message that says only how much was cut comes at most this often, in microseconds. */
const cutInterval = 500_000;

/** `lineEnd`: the byte that is put after each line kept. */
export function createRejects(device: string, startedAt: number, lineEnd = 10): Rejects {
  const parts: Uint8Array[] = [];
  const reasons = new Set<string>();
  let total = 0;
  let lines = 0;
  let cut = 0;
  let allowance = burst;
  let refilledAt = startedAt;
  let toldAt = 0;

  function keep(bytes: Uint8Array): void {
    parts.push(bytes);
    allowance -= bytes.length;
  }

  return {
    get total() {
      return total;
    },
    get lines() {
      return lines;
    },
    add(part, last, reason) {
      total += part.length;
      if (last) lines++;
      reasons.add(reason);
      // A copy: the part is a view of a buffer that is used again.
      if (part.length < allowance) keep(part.slice());
      else cut += part.length;
      if (last && parts.length > 0 && allowance > 0) keep(Uint8Array.of(lineEnd));
    },
    take(now) {
      allowance = Math.min(burst, allowance + ((now - refilledAt) * keptPerSecond) / 1e6);
      refilledAt = now;
      if (parts.length === 0 && (cut === 0 || now - toldAt < cutInterval)) return [];
      const bytes = joinBytes(parts);
      const reason = [...reasons].join('; ');
      const messages: RejectedBytes[] = [];
      for (let at = 0; at === 0 || at < bytes.length; at += mostPerMessage)
        messages.push({
          device,
          at: now,
          bytes: bytes.slice(at, at + mostPerMessage),
          reason,
          cut: at === 0 ? cut : 0,
        });
      parts.length = 0;
      reasons.clear();
      cut = 0;
      toldAt = now;
      return messages;
    },
  };
}
