/** Kills a process that captures, with SIGKILL, and looks at what is left as a stranger and as the next host would. */
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { createCapture, recoverCapture, type Recovery } from '../../main/capture/index.ts';
import type { Samples } from '../../common/signal/series.ts';
import { readByIndex } from './capture-reader.ts';
import { killed } from './killed-captures.ts';

const programOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const pythonReader = programOf('../conformance/read_mcap.py');
/** Our writer stands on @mcap/core, so its reader is no stranger: it stands in only where there is no Python. */
const hasPython = spawnSync('python3', ['--version']).status === 0;

type Loss = Pick<Recovery, 'chunksLost' | 'bytesLost'>;

export interface KilledCapture {
  /** Samples of the cell that the process had said were flushed. */
  told: number;
  /** What can be seen to be cut off at the end of each file, frame by frame, and what its recovery said is lost. */
  cut: Loss[];
  recovered: Loss[];
  /** The cell's values, of one file after the other, as a reader of another origin finds them. */
  values: number[];
  /** The cell's samples as the series of the next host begin. */
  history: Samples;
  problems: unknown[];
}

export interface Killing {
  /** Milliseconds from the moment when the process begins to capture. */
  delayMs: number;
  /** A capture is ended, and the next begun, after so many blocks of 1000 samples. */
  blocks: number;
  /** So long after the first recovery began it is killed, too; undefined: it is left alone. */
  recoveryMs?: number;
  /** So many bytes at the end of the last file never came to the disk: the power failed. */
  unsyncedBytes?: number;
}

/** Captures into `folder`, which is empty, and is killed. */
export async function killCapture(folder: string, killing: Killing): Promise<KilledCapture> {
  const told = await captureAndKill(folder, killing);
  const found: KilledCapture = {
    ...{ told, cut: [], recovered: [], values: [], problems: [] },
    history: { t: new Float64Array(), v: new Float64Array() },
  };
  let captures = 0;
  for (; existsSync(join(folder, killed.file(captures))); captures++) {
    const path = join(folder, killed.file(captures));
    const isLast = !existsSync(join(folder, killed.file(captures + 1)));
    if (isLast && killing.unsyncedBytes !== undefined) await cutEnd(path, killing.unsyncedBytes);
    const loss = cutOff(await readFile(path));
    if (killing.recoveryMs !== undefined && !loss.isWhole) await recoverAndKill(path, killing.recoveryMs);
    const { chunksLost, bytesLost } = await recoverCapture(path);
    found.cut.push({ chunksLost: loss.chunksLost, bytesLost: loss.bytesLost });
    found.recovered.push({ chunksLost, bytesLost });
    // One by one: all of a long one at once are too many arguments.
    for (const value of await valuesIn(path)) found.values.push(value);
  }
  return { ...found, ...(await openNext(folder, captures)) };
}

/** What is there is there once and in order; the loss is what is cut off, to the byte, and of the last file alone. */
export function expectExactLoss({ cut, recovered, values }: KilledCapture): void {
  expect(recovered).toEqual(cut);
  expect(cut.slice(0, -1).every(({ bytesLost }) => bytesLost === 0)).toBe(true);
  // In one piece: an assertion for each of a million would take longer than the capture.
  expect(values.findIndex((value, i) => value !== i)).toBe(-1);
}

/** Besides, all that was flushed is there, and the series have the same. */
export function expectNothingLost(found: KilledCapture): void {
  const { told, values, history, problems } = found;
  expectExactLoss(found);
  expect(values.length).toBeGreaterThanOrEqual(told);
  expect(history.v).toEqual(Float64Array.from(values));
  expect(history.t).toEqual(Float64Array.from(values, killed.timeOf));
  expect(problems).toEqual([]);
}

async function captureAndKill(folder: string, { delayMs, blocks }: Killing): Promise<number> {
  const args = [folder, `${blocks}`];
  const child = fork(programOf('./capturing-process.ts'), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let told = 0;
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  child.on('message', (samples: number) => {
    if (samples === 0) setTimeout(() => child.kill('SIGKILL'), delayMs);
    told = samples;
  });
  const [, signal] = await exited;
  if (signal !== 'SIGKILL') throw new Error(`the capturing process ended by itself (${signal})`);
  return told;
}

async function cutEnd(path: string, bytes: number): Promise<void> {
  const { size } = await stat(path);
  await truncate(path, Math.max(0, size - bytes));
}

/** It may be done before: then there is nothing to kill. */
async function recoverAndKill(path: string, delayMs: number): Promise<void> {
  const child = fork(programOf('./recovering-process.ts'), [path], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', () => setTimeout(() => child.kill('SIGKILL'), delayMs));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== null && code !== 0) throw new Error(`the recovering process ended with ${code}`);
}

const opcode = { footer: 2, chunk: 6, messageIndex: 7, dataEnd: 15 } as const;
const magicBytes = 8;

/** The bytes after the last whole record. An index that is cut costs nothing: it is made again. */
function cutOff(file: Uint8Array): Loss & { isWhole: boolean } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const nothing = { chunksLost: 0, bytesLost: 0 };
  if (file.length < magicBytes) return { isWhole: false, chunksLost: 0, bytesLost: file.length };
  let isPastData = false;
  let at = magicBytes;
  for (let next = at; next <= file.length;) {
    at = next;
    if (at + 9 > file.length) break;
    next = at + 9 + Number(view.getBigUint64(at + 1, true));
    if (next > file.length) break;
    isPastData ||= file[at] === opcode.dataEnd;
    if (file[at] === opcode.footer) return { isWhole: next + magicBytes === file.length, ...nothing };
  }
  if (at === file.length || isPastData || file[at] === opcode.messageIndex || file[at] === opcode.dataEnd)
    return { isWhole: false, ...nothing };
  const chunksLost = file[at] === opcode.chunk ? 1 : 0;
  return { isWhole: false, chunksLost, bytesLost: file.length - at };
}

async function valuesIn(path: string): Promise<number[]> {
  if (!hasPython) return (await readByIndex(await readFile(path))).samples.get('cell/raw')?.v ?? [];
  const text = execFileSync('python3', [pythonReader, path], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const { samples } = JSON.parse(text) as { samples: Record<string, { v: number[] }> };
  return samples['cell/raw']?.v ?? [];
}

/** The next host's capture, once all of the past is in it. */
async function openNext(
  folder: string,
  captures: number,
): Promise<Pick<KilledCapture, 'history' | 'problems'>> {
  const problems: unknown[] = [];
  const clock = { boot: 'next', mono: () => 0, now: () => killed.start + 1e12 };
  const capture = createCapture({
    platform: { clock },
    onPyramidProblem: (problem) => problem && problems.push(problem),
  });
  const earlier = Array.from({ length: captures }, (_, number) => ({
    file: killed.file(number),
    startedAt: killed.start + number,
  }));
  await capture.start({ folder, captureId: 'next', earlier });
  await capture.historySettled();
  const series = capture.series('cell/raw');
  const history = series?.slice(series.oldest, 0) ?? { t: new Float64Array(), v: new Float64Array() };
  await capture.close();
  return { history, problems };
}
