/** Records one channel (sample n has the value n) until it is killed, and tells its parent how many are flushed. */
import { createRecorder } from '../../main/capture/recorder.ts';

const recorder = await createRecorder({ path: process.argv[2]!, flushEveryMs: 1_000_000, syncEveryMs: 20 });
recorder.addChannel({ id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' });
let samples = 0;
let at = 1_795_000_000_000_000;
while (process.connected) {
  const v = Float64Array.from({ length: 1 + (samples % 700) }, (_, i) => samples + i);
  recorder.samples({ channel: 'cell/weight', t: v.map(() => (at += 500)), v });
  samples += v.length;
  await recorder.flush();
  process.send?.(samples);
}
