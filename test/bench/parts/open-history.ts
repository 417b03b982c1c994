/**
 * In a process of its own: opens an incident's folder as a host does, and tells how long it took until every channel's
 * columns were sent, by how much the process had grown then, and after moving about in it.
 */
import { createCapture } from '../../../main/capture/index.ts';
import { openView } from '../../../main/capture/views.ts';
import { createFakeBulkStream } from '../../fakes/bulk-stream.ts';
import { interval, start } from './line-signal.ts';

const [folder = '', file = '', channels = '8', samples = '0'] = process.argv.slice(2);
const ids = Array.from({ length: Number(channels) }, (_, i) => `cell${i}/raw`);
const span = Number(samples) * interval;
const columns = 1920;
const moves = 300;

function megabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
}

const before = megabytes();
const clock = { boot: 'bench', mono: () => 0, now: () => start + span + 1_000_000 };
const began = performance.now();
const capture = createCapture({ platform: { clock } });
await capture.start({ folder, captureId: `opened-${samples}`, earlier: [{ file, startedAt: start }] });
const stream = createFakeBulkStream();
const dt = Math.ceil(span / columns);
const view = openView(capture, { channels: ids, dt, from: start, to: start + span }, () => stream);
stream.grant(1 << 24);
const openMs = performance.now() - began;
const bytes = stream.sent.splice(0).reduce((sum, payload) => sum + payload.length, 0);
// Minimum and maximum of each column are four bytes each.
if (bytes < ids.length * (columns - 1) * 8) throw new Error(`only ${bytes} bytes of columns were sent`);

const openMb = megabytes() - before;

for (let i = 0; i < moves; i++) {
  const width = span * 10 ** (-4 * ((i * 0.618) % 1));
  const from = Math.floor(start + ((i * 0.377) % 1) * (span - width));
  view.set({
    channels: ids,
    dt: Math.max(10, Math.ceil(width / columns)),
    from,
    to: Math.ceil(from + width),
  });
  stream.sent.length = 0;
  stream.grant(1 << 20);
}
view.close();
process.send?.({ openMs, openMb, movedMb: megabytes() - before });
await capture.close();
process.disconnect?.();
