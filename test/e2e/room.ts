/** A built host in a process of its own, with a fresh data folder, for one spec. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test as base, type Page } from '@playwright/test';

const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js');

export interface Room {
  dataDir: string;
  /** The single-use link that was printed first. */
  link: string;
  process: ChildProcess;
  /** Runs the command line to its end, in a fresh process. */
  warroom(...args: string[]): Promise<{ code: number; out: string; err: string }>;
  stop(): Promise<void>;
}

export async function startRoom(dataDir: string, ...args: string[]): Promise<Room> {
  // A home of its own: what this machine's shells do when they start takes its time, and is not to be cut short.
  const home = join(dataDir, 'home');
  await mkdir(home, { recursive: true });
  const child = spawn(
    process.execPath,
    [cli, 'serve', '--headless', '--port', '0', '--data', dataDir, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOME: home } },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const link = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line);
      if (found) resolve(found[0]);
    });
    void ended.then(() => reject(new Error('The host ended before it printed its address.')));
  });
  return {
    dataDir,
    link,
    process: child,
    warroom: (...rest) => runWarroom(rest, dataDir),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The command line in a process that goes on: its standard streams are pipes. */
export function spawnWarroom(home: string, ...args: string[]): ChildProcessWithoutNullStreams {
  // Another home: what this machine knows of keys does not count.
  return spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, WARROOM_DATA: join(home, 'elsewhere') },
  });
}

function runWarroom(args: string[], home: string): Promise<{ code: number; out: string; err: string }> {
  const child = spawnWarroom(home, ...args);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, out, err })));
}

/** Every spec gets a room of its own; a page that complains on its console fails it. */
export const test = base.extend<{ room: Room; complaints: string[] }>({
  // eslint-plugin wants a pattern here even where nothing is asked of the fixtures before.
  room: async ({ browserName: _ }, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'warroom-e2e-'));
    const room = await startRoom(dataDir);
    await use(room);
    await room.stop();
    await rm(dataDir, { recursive: true, force: true });
  },
  // After the room, so that it is looked at before the room stops: a page whose host goes complains rightly.
  complaints: [
    async ({ page, room: _ }, use) => {
      const complaints: string[] = [];
      watch(page, complaints);
      await use(complaints);
      // What was thrown before the page answers once more has arrived with the answer.
      if (!page.isClosed()) await page.evaluate(() => undefined);
      expect(complaints, 'what the page complained of').toEqual([]);
    },
    { auto: true },
  ],
});

export function watch(page: Page, complaints: string[]): void {
  page.on(
    'console',
    (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
  );
  page.on('pageerror', (error) => complaints.push(error.message));
}

/** Waits for the complaint that a spec provokes, and takes it out: each that holds `text`, no other. */
export async function expectComplaint(complaints: string[], text: string): Promise<void> {
  await expect.poll(() => complaints).toContainEqual(expect.stringContaining(text));
  const others = complaints.filter((each) => !each.includes(text));
  complaints.splice(0, complaints.length, ...others);
}

/** Opens the link and starts a drill, as a person does. */
export async function startDrill(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByTestId('start-drill').click();
  await expect(page.getByTestId('title')).toContainText('Drill');
  await expect(page.getByTestId(`scope-cell-a-weight`)).toBeVisible();
}

/** Red, green, blue and opacity of a lane's pixels, in columns [from, to) of its width (0…1). */
export function pixels(page: Page, lane: string, from = 0, to = 1): Promise<Uint8ClampedArray> {
  return page.getByTestId(`scope-${lane}`).evaluate(
    (element, [left, right]) => {
      const canvas = element as HTMLCanvasElement;
      const x = Math.floor(canvas.width * left!);
      const width = Math.max(1, Math.floor(canvas.width * right!) - x);
      return canvas.getContext('2d')!.getImageData(x, 0, width, canvas.height).data;
    },
    [from, to],
  );
}

/** How many of a lane's pixels have a colour that `is` takes. */
async function countPixels(
  data: Promise<Uint8ClampedArray>,
  is: (red: number, green: number, blue: number) => boolean,
): Promise<number> {
  const bytes = await data;
  let count = 0;
  for (let i = 0; i < bytes.length; i += 4) if (is(bytes[i]!, bytes[i + 1]!, bytes[i + 2]!)) count++;
  return count;
}

/** How many pixels of a lane have its trace's colour. */
export function tracePixels(page: Page, lane: string, from?: number, to?: number): Promise<number> {
  // Strong colour: neither paper, nor grid, nor the faint red of a gap.
  return countPixels(pixels(page, lane, from, to), (...colour) => Math.max(...colour) > 110);
}

/** How many pixels of a lane have the red of a gap. */
export function gapPixels(page: Page, lane: string): Promise<number> {
  return countPixels(
    pixels(page, lane),
    (red, green, blue) => red > 35 && red < 80 && green < 40 && blue < 40 && red - green > 20,
  );
}

/**
 * How many colours differ between two looks at the same pixels. A stroke that is painted anew may come out brighter or
 * darker by a step or two than one that was shifted along: that is the same picture.
 */
export function changedColours(before: Uint8ClampedArray, after: Uint8ClampedArray): number {
  return before.filter((value, i) => Math.abs(value - after[i]!) > 4).length;
}

/** A part of the lane's pixels as one string, to see whether they change. */
export async function picture(page: Page, lane: string, from?: number, to?: number): Promise<string> {
  return createHash('sha256')
    .update(await pixels(page, lane, from, to))
    .digest('hex');
}
