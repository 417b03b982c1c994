/** Trigger, measurements, a math channel and a calibration in a drill, asked for over the door as a page does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CalibrationState } from '../../common/contract/calibration.ts';
import type { TriggerState } from '../../common/contract/signals.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { readByIndex } from '../fakes/capture-reader.ts';
import { joinRoom, serveRoom, type ServedRoom } from '../fakes/served-room.ts';
import { verifyInProcess } from '../fakes/verify.ts';
import { first } from '../fakes/first.ts';

type Client = Awaited<ReturnType<typeof joinRoom>>['client'];

let served: ServedRoom;
let client: Client;
let incident = '';
beforeAll(async () => {
  served = await serveRoom({ args: ['--drill', '--seed', '1'] });
  const joined = await joinRoom(served.link);
  client = joined.client;
  const room = await first(await client.room.watch(), (state) => state.incident !== null && state.drill);
  incident = room.incident!;
  const wanted = ['cell-a/raw', 'cell-a/weight', 'cell-b/weight', 'beam/beam'];
  await first(await client.capture.channels(), (channels) =>
    wanted.every((id) => channels.some((channel) => channel.id === id && channel.samples > 0)),
  );
}, 60_000);
afterAll(async () => {
  await served.stop();
  await served.remove();
});

async function entry(id: string): Promise<Entry> {
  for await (const { entries } of await client.ledger.subscribe({ from: 0 })) {
    const found = entries.find(({ head }) => head.id === id);
    if (found) return found;
  }
  throw new Error(`No entry ${id}.`);
}
const blob = (sha256: string) =>
  join(served.dataDir, 'incidents', incident, 'evidence', 'sha256', sha256.slice(0, 2), sha256);

describe('on the rig', () => {
  it('the trigger on the beam keeps its window, which is measured with the sum of both cells', async () => {
    await client.signals.addMath({ expression: 'weight = [cell-a/weight] + [cell-b/weight]' });
    await client.signals.setTrigger({
      channel: 'beam/beam',
      mode: 'single',
      on: { kind: 'edge', direction: 'falling', level: 0.5 },
      action: 'keep',
      window: 2_000_000,
      before: { share: 0.25 },
      holdoff: 0,
    });
    const { segment } = await first<TriggerState>(await client.signals.watchTrigger(), (state) => {
      expect(state.problem).toBeNull();
      return state.segment?.entry !== undefined && state.segment?.entry !== null;
    });
    const { at, from, to, why } = segment!;
    expect(why).toBe('beam/beam fell through 0.5');
    expect([from, to]).toEqual([at - 500_000, at + 1_500_000]);

    const { body } = await entry(segment!.entry!);
    const [capture, picture] = body.evidence;
    expect(readFileSync(blob(picture!.sha256), 'utf8')).toContain('beam/beam fell through 0.5');
    const file = await readByIndex(readFileSync(blob(capture!.sha256)));
    const broken = file.samples.get('beam/beam')!;
    const edge = broken.t.findIndex((time) => Math.abs(time - at) < 1);
    expect([broken.v[edge - 1] ?? 1, broken.v[edge]]).toEqual([1, 0]);
    expect(file.samples.get('math/weight')!.t.length).toBeGreaterThan(100);

    const [beam, sum, a, b] = await client.signals.measure({
      channels: ['beam/beam', 'math/weight', 'cell-a/weight', 'cell-b/weight'],
      from,
      to,
    });
    expect(beam!.edges!.falling).toBe(1);
    expect(sum!.unit).toBe('g');
    expect(Math.abs(sum!.mean! - a!.mean! - b!.mean!)).toBeLessThan(5);
    // A part of 310 g came onto the scale 0.35 s after it broke the beam.
    expect(sum!.max).toBeGreaterThan(250);
  }, 30_000);

  it('a cell is calibrated between the parts that pass', async () => {
    await client.calibration.start({ channel: 'cell-a/raw', empty: -84_213 });
    const steady = { seconds: 0.4, patience: 20 };
    /** Until a load is taken: parts come and go, and each time it is said why not. */
    const taken = async (
      take: () => Promise<CalibrationState>,
      refusal: string,
    ): Promise<CalibrationState> => {
      for (;;)
        try {
          return await take();
        } catch (error) {
          const { problem } = await first<CalibrationState>(await client.calibration.watch(), () => true);
          if (problem?.code !== refusal) throw error;
        }
    };
    await taken(() => client.calibration.tare(steady), 'loaded');
    const { fit } = await taken(() => client.calibration.addPoint({ weight: 155, ...steady }), 'no-change');
    // Counts a gram of the rig's cell A; a part weighs 310 g within a few percent, about half of it on each cell.
    expect(Math.abs(fit!.scale / 428.6 - 1)).toBeLessThan(0.15);
    expect(Math.abs(fit!.offset + 84_213)).toBeLessThan(500);
    const { id, channel } = await client.calibration.finish({});
    expect((await entry(id)).body.evidence).toHaveLength(2);
    await first(await client.capture.channels(), (channels) =>
      channels.some((each) => each.id === channel && each.samples > 100),
    );
  }, 60_000);

  it('what was kept is in a bundle that is intact', async () => {
    const { task } = await client.bundle.export();
    const tasks = await first(await client.tasks.watch(), (list) =>
      list.some(({ id, state }) => id === task && state !== 'running'),
    );
    const { result, problem } = tasks.find(({ id }) => id === task)!;
    expect(problem).toBeNull();
    expect(await verifyInProcess(String(result!.file))).toMatchObject({ intact: true });
  }, 60_000);
});
