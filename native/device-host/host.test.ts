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

const kindOf = <K extends FromDeviceHost['kind']>(posted: FromDeviceHost[], kind: K) =>
  posted.filter((message): message is Extract<FromDeviceHost, { kind: K }> => message.kind === kind);

it('names each block that the host can not be given by its number, with its samples and their times', async () => {
  const posted: FromDeviceHost[] = [];
  const connected = Promise.withResolvers<void>();
  let now = 1_795_000_000_000_000;
  const host = createDeviceHost(
    () => (now += 1000),
    (message) => {
      posted.push(message);
      if (message.kind === 'link') connected.resolve();
    },
  );
  const link = { by: 'tcp', host: '127.0.0.1', port: 1 } as const;
  host.handle({
    kind: 'connect',
    spec: { id: 'fast', name: 'Fast', dialect: 'hx711-csv', link },
    blockSeqs: {},
  });
  await connected.promise;
  // As many lines as are sent at once, as often as fills 64 MiB with two columns, and twice more.
  const lines = new TextEncoder().encode('1,1\n'.repeat(16_384));
  for (let i = 0; i < 130; i++) onData(lines);
  host.handle({ kind: 'ack', bytes: kindOf(posted, 'blocks').reduce((sum, { bytes }) => sum + bytes, 0) });
  onData(lines);

  const given = kindOf(posted, 'blocks').flatMap(({ blocks }) =>
    blocks.filter(({ channel }) => channel === 'fast/raw'),
  );
  expect(given.map(({ seq }) => seq)).toEqual([...Array.from({ length: 128 }, (_, i) => i), 130]);
  const lost = kindOf(posted, 'lost').filter(({ channels }) => channels[0] === 'fast/raw');
  expect(lost).toMatchObject([
    { seq: 128, count: 16_384 },
    { seq: 129, count: 16_384 },
  ]);
  const times = [given[127]!.t.at(-1)!, ...lost.flatMap(({ from, to }) => [from!, to!]), given[128]!.t[0]!];
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
