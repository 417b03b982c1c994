import { encodeRawBlock, rawHeaderBytes } from '../../common/contract/bulk-raw.ts';
import type { RawBytes, ToDeviceHost } from '../../common/wire/device-messages.ts';
import type { BulkStream } from '../platform/call.ts';

/** Who looks at which device's bytes. */
export interface RawViews {
  open(device: string, stream: BulkStream): void;
  push(raw: RawBytes): void;
  /** A new device-host stands: it is told who is looked at. */
  start(): void;
}

/** What waits for a slow page: what is over is dropped and counted. */
const mostWaiting = 256 * 1024;
/** A frame for less would be mostly head. */
const leastBytes = 64;

export function createRawViews(post: (message: ToDeviceHost) => void): RawViews {
  const views = new Map<string, Set<RawView>>();

  return {
    open(device, stream) {
      const of = views.get(device) ?? new Set();
      views.set(device, of);
      const view = createRawView(stream);
      of.add(view);
      if (of.size === 1) post({ kind: 'raw', device, on: true });
      stream.onClose(() => {
        of.delete(view);
        if (of.size === 0 && views.get(device) === of) {
          views.delete(device);
          post({ kind: 'raw', device, on: false });
        }
      });
    },
    push(raw) {
      for (const view of views.get(raw.device) ?? []) view.push(raw);
      post({ kind: 'raw.ack', device: raw.device, bytes: raw.bytes.length });
    },
    start: () => {
      for (const device of views.keys()) post({ kind: 'raw', device, on: true });
    },
  };
}

interface RawView {
  push(raw: RawBytes): void;
}

/** Sends what the page gives credit for, in order, with each hole where it is. */
function createRawView(stream: BulkStream): RawView {
  const waiting: { at: number; bytes: Uint8Array; dropped: number }[] = [];
  let waitingBytes = 0;
  /** Dropped after all that waits. */
  let dropped = 0;

  function send(): void {
    for (let first = waiting[0]; first; first = waiting[0]) {
      if (first.dropped > 0) {
        if (stream.credit < rawHeaderBytes) return;
        stream.send(encodeRawBlock({ kind: 'dropped', count: first.dropped }));
        first.dropped = 0;
      }
      const room = stream.credit - rawHeaderBytes;
      if (room < Math.min(leastBytes, first.bytes.length)) return;
      const bytes = first.bytes.subarray(0, room);
      stream.send(encodeRawBlock({ kind: 'bytes', at: first.at, bytes }));
      waitingBytes -= bytes.length;
      first.bytes = first.bytes.subarray(bytes.length);
      if (first.bytes.length === 0) waiting.shift();
    }
  }

  stream.onCredit(send);
  stream.onEnd(() => stream.end());
  return {
    push({ at, bytes, dropped: before }) {
      dropped += before;
      if (waitingBytes + bytes.length > mostWaiting) {
        dropped += bytes.length;
        return;
      }
      waiting.push({ at, bytes, dropped });
      waitingBytes += bytes.length;
      dropped = 0;
      send();
    },
  };
}
