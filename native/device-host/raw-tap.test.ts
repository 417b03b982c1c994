import { expect, it } from 'vitest';
import { createRawTap } from './raw-tap.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

it('keeps nothing while nobody looks, and copies what it keeps', () => {
  const tap = createRawTap('a');
  tap.add(bytes(1, 2));
  expect(tap.take(5)).toBeNull();
  tap.look(true);
  const chunk = bytes(3, 4);
  tap.add(chunk);
  tap.add(bytes(5));
  chunk.fill(0);
  expect(tap.take(7)).toEqual({ device: 'a', at: 7, bytes: bytes(3, 4, 5), dropped: 0 });
  expect(tap.take(8)).toBeNull();
  tap.add(bytes(6));
  tap.look(false);
  expect(tap.take(9)).toBeNull();
});

it('drops what is over 64 KiB between two takes, and says where the hole is', () => {
  const tap = createRawTap('a');
  tap.look(true);
  for (let i = 0; i < 70; i++) tap.add(new Uint8Array(1024).fill(i));
  const first = tap.take(1)!;
  expect([first.bytes.length, first.bytes.at(-1), first.dropped]).toEqual([65_536, 63, 0]);
  tap.add(bytes(9));
  expect(tap.take(2)).toEqual({ device: 'a', at: 2, bytes: bytes(9), dropped: 6 * 1024 });
});

it('holds at most 256 KiB that the host has not taken, counts the rest, and goes on', () => {
  const tap = createRawTap('a');
  tap.look(true);
  let posted = 0;
  const send = () => {
    tap.add(new Uint8Array(60_000));
    const raw = tap.take(0);
    posted += raw?.bytes.length ?? 0;
    return raw?.dropped ?? 0;
  };
  let dropped = 0;
  for (let i = 0; i < 100; i++) dropped += send();
  expect(posted).toBe(262_144);
  tap.ack(posted);
  dropped += send();
  expect(posted + dropped).toBe(101 * 60_000);
});
