/**
 * Captures until it is killed, as fast as the disk takes it: sample n of the cell has the value n, the gate's edge k the
 * value k % 2. After so many blocks (the second argument) it ends the capture and begins the next. Tells its parent when
 * it begins, and then how many of the cell's samples are flushed.
 */
import { createCapture } from '../../main/capture/index.ts';
import { killed } from './killed-captures.ts';

const perBlock = 1000;
const [folder = '', blocks = '1'] = process.argv.slice(2);
const clock = { boot: 'killed', mono: () => 0, now: () => killed.start };

async function begin(number: number) {
  const capture = createCapture({ platform: { clock } });
  await capture.start({ folder, captureId: killed.id(number) });
  capture.addDevice('cell', [{ id: 'cell/raw', name: 'Raw', unit: 'counts', kind: 'linear' }]);
  capture.addDevice('gate', [{ id: 'gate/beam', name: 'Beam', unit: '', kind: 'step' }]);
  return capture;
}

process.send?.(0);
for (let number = 0, first = 0; process.connected; number++) {
  const capture = await begin(number);
  for (let seq = 0; seq < Number(blocks) && process.connected; seq++, first += perBlock) {
    const v = Float64Array.from({ length: perBlock }, (_, i) => first + i);
    const t = v.map(killed.timeOf);
    capture.push([
      { channel: 'cell/raw', seq, t, v },
      { channel: 'gate/beam', seq, t: t.slice(0, 1), v: Float64Array.of((first / perBlock) % 2) },
    ]);
    await capture.flush();
    process.send?.(first + perBlock);
  }
  await capture.close();
}
