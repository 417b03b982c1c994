/** A built host in a process of its own, with a fresh data folder, for one spec. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
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
  const child = spawn(
    process.execPath,
    [cli, 'serve', '--headless', '--port', '0', '--data', dataDir, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
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

function runWarroom(args: string[], home: string): Promise<{ code: number; out: string; err: string }> {
  // Another home: what this machine knows of keys does not count.
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, WARROOM_DATA: join(home, 'elsewhere') },
  });
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
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    watch(page, complaints);
    await use(complaints);
  },
});

export function watch(page: Page, complaints: string[]): void {
  page.on(
    'console',
    (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
  );
  page.on('pageerror', (error) => complaints.push(error.message));
}

/** Opens the link and starts a drill, as a person does. */
export async function startDrill(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByTestId('start-drill').click();
  await expect(page.getByTestId('title')).toContainText('Drill');
  await expect(page.getByTestId(`scope-cell-a-weight`)).toBeVisible();
}

/** How many pixels of a lane have its trace's colour, in columns [from, to) of its width (0…1). */
export function tracePixels(page: Page, lane: string, from = 0, to = 1): Promise<number> {
  return page.getByTestId(`scope-${lane}`).evaluate(
    (element, [left, right]) => {
      const canvas = element as HTMLCanvasElement;
      const x = Math.floor(canvas.width * left!);
      const width = Math.max(1, Math.floor(canvas.width * right!) - x);
      const { data } = canvas.getContext('2d')!.getImageData(x, 0, width, canvas.height);
      let count = 0;
      // Strong colour: neither paper, nor grid, nor the faint red of a gap.
      for (let i = 0; i < data.length; i += 4)
        if (Math.max(data[i]!, data[i + 1]!, data[i + 2]!) > 110) count++;
      return count;
    },
    [from, to],
  );
}

/** A part of the lane's pixels (shares of its width) as one string, to see whether they change. */
export function picture(page: Page, lane: string, from = 0, to = 1): Promise<string> {
  return page.getByTestId(`scope-${lane}`).evaluate(
    (element, [left, right]) => {
      const canvas = element as HTMLCanvasElement;
      const x = Math.floor(canvas.width * left!);
      const width = Math.max(1, Math.floor(canvas.width * right!) - x);
      const { data } = canvas.getContext('2d')!.getImageData(x, 0, width, canvas.height);
      let hash = 0;
      for (const byte of data) hash = (Math.imul(hash, 31) + byte) | 0;
      return String(hash);
    },
    [from, to],
  );
}

/** How many pixels of a lane have the red of a gap. */
export function gapPixels(page: Page, lane: string): Promise<number> {
  return page.getByTestId(`scope-${lane}`).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!];
      if (red > 35 && red < 80 && green < 40 && blue < 40 && red - green > 20) count++;
    }
    return count;
  });
}
