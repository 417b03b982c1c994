import { expect, it } from 'vitest';
import { decodeRawBlocks, type RawBlock } from '../../common/contract/bulk-raw.ts';
import type { ToDeviceHost } from '../../common/wire/device-messages.ts';
import { createFakeBulkStream } from '../../test/fakes/bulk-stream.ts';
import { createRawViews } from './raw-views.ts';

const raw = (length: number, dropped = 0, fill = 65) => ({
  device: 'a',
  at: 1000 + fill,
  bytes: new Uint8Array(length).fill(fill),
  dropped,
});

function open(credit: number) {
  const posted: ToDeviceHost[] = [];
  const views = createRawViews((message) => void posted.push(message));
  const stream = createFakeBulkStream();
  stream.grant(credit);
  views.open('a', stream);
  const blocks = (): RawBlock[] => stream.sent.flatMap(decodeRawBlocks);
  return { posted, views, stream, blocks };
}

it('asks for bytes only while somebody looks, also of a new process', () => {
  const { posted, views, stream } = open(0);
  const second = createFakeBulkStream(2);
  views.open('a', second);
  expect(posted).toEqual([{ kind: 'raw', device: 'a', on: true }]);
  stream.endByPage();
  expect(posted).toHaveLength(1);
  views.start();
  expect(posted[1]).toEqual({ kind: 'raw', device: 'a', on: true });
  second.loseLink();
  expect(posted[2]).toEqual({ kind: 'raw', device: 'a', on: false });
  views.start();
  expect(posted).toHaveLength(3);
});

it('sends bytes with their times as far as the page gives credit, and the rest when it gives more', () => {
  const { posted, views, stream, blocks } = open(16 + 100);
  views.push(raw(250));
  expect(blocks()).toMatchObject([{ kind: 'bytes', at: 1065 }]);
  stream.grant(10_000);
  views.push(raw(3, 0, 66));
  const lengths = blocks().map((block) => (block.kind === 'bytes' ? block.bytes.length : -1));
  expect(lengths).toEqual([100, 150, 3]);
  expect(posted.filter(({ kind }) => kind === 'raw.ack')).toEqual([
    { kind: 'raw.ack', device: 'a', bytes: 250 },
    { kind: 'raw.ack', device: 'a', bytes: 3 },
  ]);
});

it('queues at most 256 KiB for a slow page, and tells each hole where it is', () => {
  const { views, stream, blocks } = open(0);
  for (let i = 0; i < 100; i++) views.push(raw(10_000, i === 2 ? 7 : 0));
  stream.grant(10_000_000);
  views.push(raw(1, 5, 66));
  const seen = blocks();
  const bytes = seen.reduce((sum, block) => sum + (block.kind === 'bytes' ? block.bytes.length : 0), 0);
  expect(bytes).toBe(260_001);
  expect(seen.filter(({ kind }) => kind === 'dropped')).toEqual([
    { kind: 'dropped', count: 7 },
    { kind: 'dropped', count: 740_005 },
  ]);
  expect(seen.at(-1)).toMatchObject({ kind: 'bytes', at: 1066 });
  expect(seen.at(-2)).toMatchObject({ kind: 'dropped' });
});
