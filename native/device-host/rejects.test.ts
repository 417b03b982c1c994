import { describe, expect, it } from 'vitest';
import { createRejects } from './rejects.ts';

const start = 1_795_000_000_000_000;
const line = (bytes: number) => new Uint8Array(bytes).fill(120);

describe('rejects', () => {
  it('keeps lines joined by LF, with all their reasons', () => {
    const rejects = createRejects('a', start);
    rejects.add(Uint8Array.of(65, 66), true, 'strange');
    rejects.add(Uint8Array.of(67), false, 'long');
    rejects.add(Uint8Array.of(68), true, 'long');
    expect(rejects.take(start + 1)).toEqual([
      {
        device: 'a',
        at: start + 1,
        bytes: Uint8Array.from([65, 66, 10, 67, 68, 10]),
        reason: 'strange; long',
        cut: 0,
      },
    ]);
    expect(rejects.take(start + 2)).toEqual([]);
    expect(rejects.total).toBe(4);
  });

  it('joins as many short lines as its bound lets in', () => {
    const rejects = createRejects('a', start);
    for (let i = 0; i < 150_000; i++) rejects.add(line(1), true, 'noise');
    const kept = rejects.take(start + 1).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(kept).toBeGreaterThan(250_000);
  });

  it('keeps a bounded part of 5 MB/s of noise and counts all of it', () => {
    const rejects = createRejects('a', start);
    let kept = 0;
    let cut = 0;
    let messages = 0;
    for (let tick = 1; tick <= 500; tick++) {
      for (let i = 0; i < 1_000; i++) rejects.add(line(100), true, 'noise');
      for (const message of rejects.take(start + tick * 20_000)) {
        expect(message.bytes.length).toBeLessThanOrEqual(16_384);
        kept += message.bytes.length;
        cut += message.cut;
        messages++;
      }
    }
    expect(rejects.total).toBe(50_000_000);
    // A burst, then 64 KiB in each of ten seconds.
    expect(kept).toBeGreaterThan(800_000);
    expect(kept).toBeLessThan(1_000_000);
    // The LFs are ours: all but them is kept or cut.
    expect(kept + cut).toBeGreaterThanOrEqual(50_000_000);
    expect(messages).toBeLessThan(600);
  });

  it('tells what was cut though nothing is kept', () => {
    const rejects = createRejects('a', start);
    rejects.add(line(300_000), true, 'long');
    expect(rejects.take(start + 600_000)).toEqual([
      { device: 'a', at: start + 600_000, bytes: new Uint8Array(0), reason: 'long', cut: 300_000 },
    ]);
  });
});
