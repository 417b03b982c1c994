import { expect, it } from 'vitest';
import { decodeRawBlocks, type RawBlock } from '../../common/contract/bulk-raw.ts';
import { createFakeBulkStream } from '../fakes/bulk-stream.ts';
import { cell, openLine, openRoom } from './devices-room.ts';

it('shows the bytes of a garbled device as they come, and through a new process', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  const stream = createFakeBulkStream();
  stream.grant(1 << 20);
  expect(room.devices.openRaw('a', () => stream)).toBe(stream.id);
  const seen = () =>
    Buffer.concat(
      stream.sent
        .flatMap(decodeRawBlocks)
        .filter((block): block is Extract<RawBlock, { kind: 'bytes' }> => block.kind === 'bytes')
        .map(({ bytes }) => bytes),
    );
  // Looking begins when the process of the devices hears of it; what it read until then is not seen.
  let read = 0;
  while (seen().length === 0) {
    await line.write(`${++read},${read}\n`);
    await room.until(() => room.channel('a/raw').v.at(-1) === read);
  }
  await room.until(() => seen().toString().endsWith(`${read},${read}\n`));
  const before = seen().length;
  const garbage = Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256);
  await line.write(garbage);
  await room.until(() => seen().length >= before + garbage.length);
  expect(Uint8Array.from(seen().subarray(before))).toEqual(garbage);

  process.kill(room.children[0]!.pid!, 'SIGKILL');
  await room.until(() => room.links.length === 3);
  await line.write('5,5\n');
  await room.until(() => seen().length >= before + garbage.length + 4);
  expect(
    seen()
      .subarray(before + garbage.length)
      .toString(),
  ).toBe('5,5\n');
  expect(room.channel('a/raw').v.at(-1)).toBe(5);
});

it('has no bytes of a device that is not there', () => {
  const room = openRoom();
  const open = () => expect.fail('no stream is to be opened');
  expect(() => room.devices.openRaw('none', open)).toThrow(expect.objectContaining({ code: 'not-found' }));
});
