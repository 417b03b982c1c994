import { expect, it } from 'vitest';
import type { DeviceHealth } from '../../../../common/contract/devices.ts';
import { profileOf, runAll } from '../../../../test/fakes/check-room.ts';
import { deviceFormCheck } from './device.ts';

const profile = profileOf(`name: x
devices:
  - id: a
    name: A
    dialect: csv
    link: { by: path, path: /dev/a, baud: 9600 }
    options: { decimal: ',' }
    columns: [{ column: weight, unit: g }]
`);
const well = {
  id: 'a',
  state: 'connected',
  dialect: 'csv',
  spec: { options: { decimal: ',' } },
  channels: [{ id: 'a/weight', name: 'w', unit: 'g', kind: 'linear' }],
};
async function found(change: object) {
  const device = { ...well, ...change } as unknown as DeviceHealth;
  return (await runAll([deviceFormCheck], profile, { devices: () => [device] }))[0]!;
}

it('a device that speaks as the profile says passes, and one that is not heard is for rung 3', async () => {
  expect(await found({})).toMatchObject({ check: 'schema.device a', rung: 4, result: 'pass' });
  expect(await found({ state: 'lost' })).toMatchObject({ result: 'unknown', explainedBy: 'tools.device a' });
});

it.each([
  ['dialect', { dialect: 'hx711-csv' }, 'read as hx711-csv'],
  ['decimal', { spec: { options: {} } }, 'decimal is undefined'],
  ['columns', { channels: [] }, 'column weight is not there'],
  ['unit', { channels: [{ ...well.channels[0], unit: 'kg' }] }, 'weight is in kg'],
])('another %s fails', async (_what, change, says) => {
  expect(await found(change)).toMatchObject({ result: 'fail', says: expect.stringContaining(says) });
});
