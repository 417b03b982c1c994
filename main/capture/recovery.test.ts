import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readByIndex, readByStream } from '../../test/fakes/capture-reader.ts';
import { createRecorder } from './recorder.ts';
import { recoverCapture } from './recovery.ts';

const start = 1_795_000_000_000_000;
const weight = { id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' } as const;
const beam = { id: 'gate/beam', name: 'Beam', unit: '', kind: 'step' } as const;
const perChunk = 40;

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-recovery-'));
  path = join(folder, 'capture.mcap');
});
afterEach(() => rm(folder, { recursive: true }));

/** A closed capture of `chunks` chunks of 40 samples of each channel, and where its chunk records lie. */
async function record(chunks: number) {
  const recorder = await createRecorder({ path, flushEveryMs: 1_000_000 });
  recorder.addChannel(weight);
  recorder.addChannel(beam);
  const ends: number[] = [];
  for (let c = 0; c < chunks; c++) {
    const t = Float64Array.from({ length: perChunk }, (_, i) => start + (c * perChunk + i) * 1000);
    recorder.samples({ channel: weight.id, t, v: t.map((time) => (time - start) / 1000) });
    recorder.samples({ channel: beam.id, t, v: t.map((_, i) => i % 2) });
    await recorder.flush();
    ends.push(recorder.flushedLength);
  }
  await recorder.close();
  const bytes = new Uint8Array(await readFile(path));
  return { bytes, chunks: chunkSpans(bytes), flushed: ends };
}

/** Offsets of the chunk records, found by walking the frames of a whole file. */
function chunkSpans(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const spans: { from: number; records: number; to: number }[] = [];
  for (let at = 8; at < bytes.length - 8;) {
    const to = at + 9 + Number(view.getBigUint64(at + 1, true));
    if (bytes[at] === 6) spans.push({ from: at, records: at + 9 + 40, to });
    at = to;
  }
  return spans;
}

/** Checks the recovered file by both readers: exactly these chunks' samples, in order. */
async function expectChunks(kept: number[]): Promise<void> {
  const file = new Uint8Array(await readFile(path));
  const expected = kept.flatMap((c) =>
    Array.from({ length: perChunk }, (_, i) => start + (c * perChunk + i) * 1000),
  );
  for (const read of [readByStream(file), await readByIndex(file)]) {
    expect(read.samples.get(weight.id)?.t ?? []).toEqual(expected);
    expect(read.samples.get(weight.id)?.v ?? []).toEqual(expected.map((t) => (t - start) / 1000));
    expect(read.samples.get(beam.id)?.t ?? []).toEqual(expected);
  }
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

test('a whole file is left as it is', async () => {
  const { bytes } = await record(5);
  const last = start + (5 * perChunk - 1) * 1000;
  expect(await recoverCapture(path)).toEqual({
    recovered: false,
    recoveredBefore: false,
    chunksLost: 0,
    bytesLost: 0,
    lastTime: last,
    lost: [],
  });
  expect(new Uint8Array(await readFile(path))).toEqual(bytes);
});

test('a file that was made whole says again what was lost then', async () => {
  const { bytes, chunks } = await record(5);
  for (const c of [1, 3]) bytes[chunks[c]!.records + 50]! ^= 1;
  await writeFile(path, bytes);
  const first = await recoverCapture(path);
  expect(first).toMatchObject({ recovered: true, recoveredBefore: false, chunksLost: 2 });
  expect(await recoverCapture(path)).toEqual({ ...first, recovered: false, recoveredBefore: true });
});

test('a file that is not there is an error of its own', async () => {
  await expect(recoverCapture(path)).rejects.toMatchObject({ code: 'not-found' });
});

test('cut at every 97th byte, it gives every whole chunk and the exact loss', async () => {
  const { bytes, chunks } = await record(6);
  for (let cut = 0; cut < bytes.length; cut += 97) {
    await writeFile(path, bytes.subarray(0, cut));
    const recovery = await recoverCapture(path);
    const kept = range(chunks.length).filter((c) => chunks[c]!.to <= cut);
    const broken = chunks.find((chunk) => chunk.from < cut && cut < chunk.to);
    expect(recovery.recovered).toBe(true);
    expect(recovery.chunksLost, `cut at ${cut}`).toBe(broken ? 1 : 0);
    if (broken) expect(recovery.bytesLost).toBe(cut - broken.from);
    else if (cut > chunks[0]!.to) expect(recovery.bytesLost, `cut at ${cut}`).toBe(0);
    const lastTime = kept.length === 0 ? null : start + (kept.length * perChunk - 1) * 1000;
    expect(recovery.lastTime).toBe(lastTime);
    await expectChunks(kept);
    expect(await recoverCapture(path)).toMatchObject({ recovered: false });
  }
});

describe('with a byte flipped', () => {
  test('in the records of any one chunk, exactly that chunk is lost', async () => {
    const { bytes, chunks } = await record(8);
    for (const [c, chunk] of chunks.entries()) {
      const damaged = bytes.slice();
      damaged[chunk.records + ((c * 131) % (chunk.to - chunk.records))]! ^= 0x10;
      await writeFile(path, damaged);
      const recovery = await recoverCapture(path);
      expect(recovery).toMatchObject({ recovered: true, chunksLost: 1, bytesLost: chunk.to - chunk.from });
      const before = c === 0 ? null : start + (c * perChunk - 1) * 1000;
      expect(recovery.lost[0]!.from).toBe(before);
      if (c < chunks.length - 1)
        expect(recovery.lost[0]!.to).toBeLessThanOrEqual(start + ((c + 2) * perChunk - 1) * 1000);
      else expect(recovery.lost[0]!.to).toBeNull();
      await expectChunks(range(chunks.length).filter((n) => n !== c));
    }
  });

  test('in the records of every second chunk, each of those is lost', async () => {
    const { bytes, chunks } = await record(9);
    const odd = chunks.filter((_, c) => c % 2 === 1);
    for (const chunk of odd) bytes[chunk.records + 50]! ^= 1;
    await writeFile(path, bytes);
    const lostBytes = odd.reduce((sum, chunk) => sum + chunk.to - chunk.from, 0);
    expect(await recoverCapture(path)).toMatchObject({ chunksLost: odd.length, bytesLost: lostBytes });
    await expectChunks(range(9).filter((c) => c % 2 === 0));
  });

  test('anywhere at all, every other chunk is there and the chunk hit is there or counted', async () => {
    const { bytes, chunks } = await record(4);
    for (let at = 0; at < bytes.length; at += 23) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      await writeFile(path, damaged);
      const recovery = await recoverCapture(path);
      expect(recovery.recovered, `byte ${at}`).toBe(true);
      const hit = chunks.findIndex((chunk) => chunk.from <= at && at < chunk.to);
      expect(recovery.chunksLost, `byte ${at}`).toBeLessThanOrEqual(hit < 0 ? 0 : 1);
      const file = new Uint8Array(await readFile(path));
      const total = [...readByStream(file).samples.values()].reduce((sum, { t }) => sum + t.length, 0);
      // A name hit outside the chunks is given back by the copy within them: nothing is ever lost for a name.
      expect(total, `byte ${at}`).toBe((chunks.length - recovery.chunksLost) * perChunk * 2);
    }
  }, 60_000);
});

test('samples flushed before a SIGKILL are all there after recovery', async () => {
  const program = fileURLToPath(new URL('../../test/fakes/recording-process.ts', import.meta.url));
  for (const seed of [3, 17, 41, 60, 90]) {
    await rm(path, { force: true });
    const child = fork(program, [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const flushed = await killAfter(child, seed);
    const size = (await stat(path)).size;
    const recovery = await recoverCapture(path);
    expect(recovery.recovered).toBe(true);
    const read = await readByIndex(new Uint8Array(await readFile(path)));
    const { t, v } = read.samples.get(weight.id)!;
    expect(size).toBeGreaterThan(0);
    expect(t.length).toBeGreaterThanOrEqual(flushed);
    expect(v).toEqual(range(t.length));
  }
}, 60_000);

/** Kills the process as soon as it has told of `count` flushes; answers how many samples it had said were flushed. */
function killAfter(child: ChildProcess, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let told = 0;
    let flushed = 0;
    child.on('message', (samples: number) => {
      flushed = samples;
      if (++told === count) child.kill('SIGKILL');
    });
    child.once('exit', (_, signal) => {
      if (signal === 'SIGKILL') resolve(flushed);
      else reject(new Error(`the recording process ended by itself (${signal})`));
    });
  });
}
