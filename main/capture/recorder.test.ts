import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readByIndex, readByStream } from '../../test/fakes/capture-reader.ts';
import { createCaptureFile, type OpenCaptureFile } from './capture-file.ts';
import { recoverCapture } from './recovery.ts';
import { createRecorder } from './recorder.ts';
import type { FileLoss } from './backlog.ts';

const start = 1_795_000_000_000_000;
const weight = { id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' } as const;
const beam = { id: 'gate/beam', name: 'Beam', unit: '', kind: 'step' } as const;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-recorder-'));
});
afterEach(() => rm(folder, { recursive: true }));

function ramp(from: number, count: number, period: number) {
  const t = Float64Array.from({ length: count }, (_, i) => start + (from + i) * period);
  const v = Float64Array.from({ length: count }, (_, i) => Math.sin(from + i) * 1e3);
  return { t, v };
}

describe('a closed capture', () => {
  test('is read by both readers of @mcap/core: every sample, channel, rejected byte and gap', async () => {
    const path = join(folder, 'a.mcap');
    const recorder = await createRecorder({ path });
    recorder.addChannel(weight);
    recorder.addChannel(beam);
    const rejects = recorder.addRejected('cell');
    const all = ramp(0, 40_000, 1000);
    for (let i = 0; i < 40_000; i += 20)
      recorder.samples({
        channel: weight.id,
        t: all.t.subarray(i, i + 20),
        v: all.v.subarray(i, i + 20),
        deviceTime: i + 20,
      });
    recorder.samples({
      channel: beam.id,
      t: Float64Array.of(start + 5, start + 9_000_000),
      v: Float64Array.of(0, 1),
    });
    recorder.rejected(rejects, start + 77, { bytes: Uint8Array.of(1, 2, 255), reason: 'no line', cut: 0 });
    recorder.gap({ channels: [weight.id], from: start, to: start + 10, reason: 'blocks lost', lost: 3 });
    recorder.samples({ channel: weight.id, ...ramp(50_000, 5, 1000) });
    const { bytes } = await recorder.close();
    const file = await readFile(path);
    expect(bytes).toBe(file.length);
    for (const read of [readByStream(file), await readByIndex(file)]) {
      const found = read.samples.get(weight.id)!;
      expect(found.t).toEqual([...all.t, ...ramp(50_000, 5, 1000).t]);
      expect(found.v).toEqual([...all.v, ...ramp(50_000, 5, 1000).v]);
      const jumps = found.sequences
        .map((n, i) => n - (found.sequences[i - 1] ?? -1))
        .filter((step) => step !== 1);
      expect(jumps).toEqual([4]);
      expect(found.publish[0]).toBe(BigInt(100 * 1000));
      expect(read.samples.get(beam.id)!.v).toEqual([0, 1]);
      expect(read.channels.get(weight.id)?.metadata.get('unit')).toBe('g');
      expect(read.rejected.map((entry) => [entry.topic, entry.data[4], entry.data[6]])).toEqual([
        [rejects, 1, 255],
      ]);
      expect(read.metadata.map((entry) => [entry.name, entry.metadata.get('lost')])).toEqual([
        ['warroom.gap', '3'],
      ]);
      expect(Math.max(...read.chunks)).toBeLessThan(64 * 1024);
    }
  });

  test('without a sample is a whole file, too', async () => {
    const recorder = await createRecorder({ path: join(folder, 'b.mcap') });
    recorder.addChannel(weight);
    await recorder.close();
    const read = await readByIndex(await readFile(recorder.path));
    expect([...read.channels.keys()]).toEqual([weight.id]);
  });
});

test('a message spans at most 100 ms', async () => {
  const recorder = await createRecorder({ path: join(folder, 'c.mcap') });
  recorder.addChannel(weight);
  recorder.samples({ channel: weight.id, ...ramp(0, 100, 12_500) });
  await recorder.close();
  const { sequences } = (await readByIndex(await readFile(recorder.path))).samples.get(weight.id)!;
  expect(sequences.length).toBe(Math.ceil(100 / 9));
});

test('a part copied while it records is a whole file of all flushed so far', async () => {
  const recorder = await createRecorder({ path: join(folder, 'd.mcap') });
  recorder.addChannel(weight);
  recorder.samples({ channel: weight.id, ...ramp(0, 500, 1000) });
  const part = await recorder.copyPart(join(folder, 'part.mcap'));
  recorder.samples({ channel: weight.id, ...ramp(500, 500, 1000) });
  await recorder.close();
  const copy = await readFile(part.path);
  expect(copy.length).toBe(part.bytes);
  expect((await readByIndex(copy)).samples.get(weight.id)!.t).toHaveLength(500);
  expect(readByStream(copy).samples.get(weight.id)!.t).toHaveLength(500);
  expect((await readByIndex(await readFile(recorder.path))).samples.get(weight.id)!.t).toHaveLength(1000);
});

test('a second capture never takes the place of one that is there', async () => {
  const path = join(folder, 'e.mcap');
  const recorder = await createRecorder({ path });
  await expect(createRecorder({ path })).rejects.toThrow(/exist/);
  await recorder.close();
});

describe('on a full disk', () => {
  /** A disk of `room` bytes: what is past it is written in part and then refused, as a real one does. */
  function smallDisk(disk: { room: number }): OpenCaptureFile {
    return async (path) => {
      const file = await createCaptureFile(path);
      return {
        ...file,
        async write(bytes, position) {
          const fits = Math.max(0, disk.room - position);
          await file.write(bytes.subarray(0, fits), position);
          if (fits < bytes.length)
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        },
      };
    };
  }

  async function startSmall(disk: { room: number }, backlogBytes: number) {
    const problems: (string | null)[] = [];
    const lost: FileLoss[] = [];
    const recorder = await createRecorder({
      path: join(folder, 'full.mcap'),
      openFile: smallDisk(disk),
      flushEveryMs: 1_000_000,
      backlogBytes,
      onProblem: (problem) => problems.push(problem?.code ?? null),
      onLost: (loss) => lost.push(loss),
    });
    recorder.addChannel(weight);
    return { recorder, problems, lost };
  }

  test('chunks wait in memory and nothing is lost when space comes back in time', async () => {
    const disk = { room: 20_000 };
    const { recorder, problems, lost } = await startSmall(disk, 1 << 20);
    for (let i = 0; i < 20; i++) {
      recorder.samples({ channel: weight.id, ...ramp(i * 100, 100, 1000) });
      await recorder.flush();
    }
    expect(problems).toEqual(['no-space']);
    expect(recorder.flushedLength).toBeLessThanOrEqual(20_000);
    disk.room = Infinity;
    await recorder.flush();
    expect(problems).toEqual(['no-space', null]);
    await recorder.close();
    expect(lost).toEqual([]);
    expect((await readByIndex(await readFile(recorder.path))).samples.get(weight.id)!.t).toEqual([
      ...ramp(0, 2000, 1000).t,
    ]);
  });

  test('the oldest are given up past the limit, told as a loss and written as a gap', async () => {
    const disk = { room: 10_000 };
    const { recorder, lost } = await startSmall(disk, 10_000);
    const flushedUntil: number[] = [];
    for (let i = 0; i < 40; i++) {
      recorder.samples({ channel: weight.id, ...ramp(i * 100, 100, 1000) });
      await recorder.flush();
      flushedUntil.push(recorder.flushedLength);
    }
    disk.room = Infinity;
    await recorder.close();
    const read = await readByIndex(await readFile(recorder.path));
    const kept = new Set(read.samples.get(weight.id)!.t);
    const missing = [...ramp(0, 4000, 1000).t].filter((t) => !kept.has(t));
    expect(missing.length).toBeGreaterThan(0);
    expect(lost).toEqual([
      {
        channels: [weight.id],
        from: missing[0],
        to: missing.at(-1),
        samples: missing.length,
        reason: 'the disk was full',
        spans: new Map([[weight.id, { from: missing[0], to: missing.at(-1), samples: missing.length }]]),
      },
    ]);
    expect(read.metadata.map((entry) => entry.metadata.get('samples'))).toEqual([`${missing.length}`]);
  });

  test('an end that has room for the index alone tells what is not in the file', async () => {
    const { recorder, lost } = await startSmall({ room: 5000 }, 1 << 20);
    recorder.samples({ channel: weight.id, ...ramp(0, 3000, 1000) });
    await recorder.close();
    expect(lost).toMatchObject([{ samples: 3000 }]);
    expect((await readByIndex(await readFile(recorder.path))).metadata).toHaveLength(1);
  });

  test('an end without any room is refused, and recovery keeps what was flushed', async () => {
    const disk = { room: Infinity };
    const { recorder } = await startSmall(disk, 1 << 20);
    recorder.samples({ channel: weight.id, ...ramp(0, 3000, 1000) });
    await recorder.flush();
    disk.room = recorder.flushedLength + 100;
    await expect(recorder.close()).rejects.toMatchObject({ code: 'no-space' });
    expect(await recoverCapture(recorder.path)).toMatchObject({ recovered: true, chunksLost: 0 });
    expect((await readByIndex(await readFile(recorder.path))).samples.get(weight.id)!.t).toHaveLength(3000);
  });
});
