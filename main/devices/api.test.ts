import { expect, it } from 'vitest';
import type { DeviceHealth } from '../../common/contract/devices.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { Call } from '../platform/call.ts';
import { createDevicesApi } from './api.ts';
import type { Devices } from './types.ts';

function health(linesPerSecond: number): DeviceHealth {
  return {
    id: 'a',
    name: 'A',
    dialect: 'hx711-csv',
    spec: { id: 'a', name: 'A', dialect: 'hx711-csv', link: { by: 'path', path: '/dev/a', baud: 9600 } },
    link: 'serial:/dev/a',
    identity: null,
    state: 'connected',
    problem: null,
    channels: [],
    rates: {},
    bytesPerSecond: 0,
    linesPerSecond,
    rejectedBytes: 0,
    rejectedLines: 0,
    gaps: { count: 0, micros: 0 },
    lost: 0,
    remarks: [],
    clock: null,
    reconnects: 0,
    lastHeard: 0,
  };
}

it('gives watchers the latest health, at most four times a second, and ends with the call', async () => {
  const list = createWatchable<DeviceHealth[]>([health(0)]);
  const watched: Pick<Devices, 'health'> = { health: list };
  const api = createDevicesApi(watched as Devices);
  const abort = new AbortController();
  const call = { signal: abort.signal } as Call;
  const seen: { rate: number; at: number }[] = [];
  for await (const [first] of await api.watch(undefined, call)) {
    seen.push({ rate: first?.linesPerSecond ?? -1, at: performance.now() });
    if (seen.length === 3) abort.abort();
    for (let i = 1; i <= 50; i++) list.set([health(seen.length * 100 + i)]);
  }
  expect(seen.map(({ rate }) => rate)).toEqual([0, 150, 250]);
  expect(seen[2]!.at - seen[0]!.at).toBeGreaterThan(480);
});
