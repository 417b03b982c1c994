import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromDeviceHost } from '../../common/wire/device-messages.ts';
import { createDeviceHost } from './host.ts';

let onData: (chunk: Uint8Array) => void = () => undefined;
vi.mock('./open-link.ts', () => ({
  openLink: (_link: unknown, events: { onData(chunk: Uint8Array): void }) => {
    onData = events.onData;
    return Promise.resolve({ name: 'fake', close: () => Promise.resolve() });
  },
}));

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval'] }));
afterEach(() => vi.useRealTimers());

const start = 1_795_000_000_000_000;

/** A cell that prints a line each 10 ms, on a host whose clock is the test's to set. */
async function watch() {
  const posted: FromDeviceHost[] = [];
  const connected = Promise.withResolvers<void>();
  let now = start;
  const host = createDeviceHost(
    () => now,
    (message) => {
      posted.push(message);
      if (message.kind === 'link') connected.resolve();
    },
  );
  const link = { by: 'tcp', host: '127.0.0.1', port: 1 } as const;
  host.handle({ kind: 'connect', spec: { id: 'a', name: 'A', dialect: 'hx711-csv', link }, blockSeqs: {} });
  await connected.promise;
  return {
    jump: (seconds: number) => (now += seconds * 1e6),
    print(lines: number) {
      for (let i = 0; i < lines; i++) {
        now += 10_000;
        onData(new TextEncoder().encode('5,1\n'));
        vi.advanceTimersByTime(10);
      }
    },
    times: () =>
      posted
        .flatMap((message) => (message.kind === 'blocks' ? message.blocks : []))
        .flatMap(({ channel, t }) => (channel === 'a/raw' ? [...t] : [])),
    links: () => posted.filter((message) => message.kind === 'link'),
  };
}

it.each([
  ['ahead by an hour, as after a laptop slept', 3_600, /did not read for 3600\.\d s/],
  ['back by an hour', -3_600, /went back by 3\d\d\d\.\d s/],
])('tells the gap of a clock that jumps %s, and times never go back', async (_what, seconds, reason) => {
  const device = await watch();
  device.print(200);
  const before = device.times().at(-1);
  device.jump(seconds);
  device.print(200);
  const times = device.times();
  expect(times).toHaveLength(400);
  expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true);
  expect(device.links()).toMatchObject([
    { state: 'connected', at: start },
    { state: 'lost', at: before, reason: expect.stringMatching(reason) as unknown },
    { state: 'connected', reason: 'heard again' },
  ]);
  expect(device.links()[2]!.at).toBe(times[200]);
});

it('tells no gap of a process that was held up for as long as the system keeps what came', async () => {
  const device = await watch();
  device.print(200);
  device.jump(4);
  device.print(200);
  expect(device.links()).toHaveLength(1);
});
