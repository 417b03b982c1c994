/** A fault of the rig that is switched on in a drill is named over the door, found with its evidence, and cleared. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SignalFault } from '../../common/contract/signals.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { readByIndex } from '../fakes/capture-reader.ts';
import { joinRoom, serveRoom, type ServedRoom } from '../fakes/served-room.ts';
import { first } from '../fakes/first.ts';

let served: ServedRoom;
let client: Awaited<ReturnType<typeof joinRoom>>['client'];
let incident = '';
beforeAll(async () => {
  served = await serveRoom({ args: ['--drill', '--seed', '1'] });
  ({ client } = await joinRoom(served.link));
  const room = await first(await client.room.watch(), (state) => state.incident !== null && state.drill);
  incident = room.incident!;
  await first(await client.capture.channels(), (channels) =>
    ['cell-a/raw', 'cell-b/raw', 'beam/beam'].every((id) =>
      channels.some((channel) => channel.id === id && channel.samples > 0),
    ),
  );
}, 60_000);
afterAll(async () => {
  await served.stop();
  await served.remove();
});

/** The first entry of the type, once it is there. */
async function entry(type: string): Promise<Entry> {
  for await (const { entries } of await client.ledger.subscribe({ from: 0 })) {
    const found = entries.find(({ head }) => head.type === type);
    if (found) return found;
  }
  throw new Error(`No entry ${type}.`);
}

it('saturated: named, found on the third rung, cleared', async () => {
  const faults = async (fits: (list: SignalFault[]) => boolean) =>
    first(await client.signals.watchFaults(), fits);
  await client.drill.fault({ fault: 'saturated', on: true, target: 'cell-a', severity: 'severe' });
  const list = await faults((now) => now.some(({ finding }) => finding !== null));
  expect(list.map(({ fault, channel }) => `${fault} ${channel}`)).toEqual(['saturated cell-a/raw']);

  const { head, body } = await entry('check.found');
  expect(head).toMatchObject({ id: list[0]!.finding, rung: 3 });
  expect(body.data).toMatchObject({ check: 'saturated cell-a/raw', result: 'fail' });
  const [capture, picture] = body.evidence.map(({ sha256 }) =>
    readFileSync(
      join(served.dataDir, 'incidents', incident, 'evidence', 'sha256', sha256.slice(0, 2), sha256),
    ),
  );
  const { samples } = await readByIndex(capture!);
  expect([...samples.keys()]).toContain('beam/beam');
  expect(Math.abs(samples.get('cell-a/raw')!.v.at(-1)!)).toBeGreaterThan(8_388_606);
  expect(picture!.toString()).toContain('Saturated');

  await client.drill.fault({ fault: 'saturated', on: false, target: 'cell-a' });
  await faults((now) => now.length === 0);
  expect((await entry('check.cleared')).body.data).toMatchObject({ finding: head.id, times: 1 });
}, 120_000);
