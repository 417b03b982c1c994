import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { resolve } from 'node:path';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import {
  createLineEncoder,
  encodedDialectOf,
  encodedDialects,
  type EncodedDialect,
} from '../../common/wire/line-encoder.ts';
import { replayCapture } from '../capture/index.ts';
import { createPtyPorts } from '../drill/pty-ports.ts';
import { forkChild } from '../platform/node/children.ts';
import { processesWithOpen } from '../platform/node/open-files.ts';
import { log, print } from '../platform/say.ts';
import { createRowJoin, type Row } from './replay-rows.ts';

export interface ReplayOptions {
  link: string;
  device?: string;
  dialect?: string;
  /** How many times faster than it was. */
  speed?: number;
}

/** As much of the capture is looked at to find its devices, microseconds. */
const lookFor = 10_000_000;
/** A port is written to in steps; what is due within one goes out at once. */
const stepMs = 5;
/** A row goes to its own time, but not more than these bytes at once: a pseudo-terminal holds a few kilobytes. */
const mostAtOnce = 2048;
const pollMs = 200;
/** So long after a port was opened its reader is done with setting it up, on a busy machine too. */
const settleMs = 1_000;
/** So long a reader may take for the last of it. */
const drainMs = 2_000;

/** `warroom replay CAPTURE --link PATH`: plays one device of a capture on a port of its own, as a board would. */
export async function replay(capture: string, options: ReplayOptions): Promise<void> {
  if (process.platform === 'win32')
    throw new WarroomError('unavailable', 'There are no pseudo-terminals here.', 'Replay on Linux or macOS.');
  const from = process.env.INIT_CWD ?? process.cwd();
  const path = resolve(from, capture);
  const link = resolve(from, options.link);
  const device = await deviceOf(path, options.device);
  const dialect = dialectFor(device, options.dialect);
  const encoder = createLineEncoder(dialect, device.columns);
  const host = forkChild('pty-host');
  const ports = createPtyPorts(() => host);
  try {
    const port = await ports.open(device.id, link, log);
    print(`${device.id} waits on ${link}, as ${dialect}.`);
    await readerOf(link, [process.pid, host.pid]);
    const played = await play(path, device.id, encoder.columns, options.speed ?? 1, (time, rows) =>
      port.write(Buffer.concat(rows.map((row, i) => encoder.encode(time[i]!, row.values)))),
    );
    print(`Played ${played.rows} lines of ${device.id}; ${played.leftOut} samples had no line.`);
    // What is on the line when it is hung up is lost.
    await pause(drainMs);
    await port.close();
  } finally {
    ports.close();
  }
}

interface CapturedDevice {
  id: string;
  columns: string[];
}

/** The device that was asked for, or the first that can be printed. Reads no further than it must. */
async function deviceOf(path: string, wanted: string | undefined): Promise<CapturedDevice> {
  const devices = new Map<string, CapturedDevice>();
  const isEnough = () => (wanted === undefined ? devices.size > 0 : devices.has(wanted));
  let first = NaN;
  for await (const item of readCapture(path)) {
    if (item.kind !== 'samples') continue;
    const [id = '', column = ''] = item.channel.id.split('/');
    const device = devices.get(id) ?? { id, columns: [] };
    devices.set(id, device);
    if (!device.columns.includes(column)) device.columns.push(column);
    if (Number.isNaN(first) && isEnough()) first = item.samples.t[0] ?? NaN;
    if (item.samples.t[0]! - first > lookFor) break;
  }
  const all = [...devices.values()];
  const found = wanted === undefined ? firstOf(all) : devices.get(wanted);
  if (found) return found;
  const names = [...devices.keys()].sort().join(', ') || 'nothing';
  throw new WarroomError(
    'not-found',
    wanted === undefined ? `No device of ${path} can be printed again.` : `${path} has no device ${wanted}.`,
    `It has ${names}. Those that can be played speak ${encodedDialects.join(', ')}.`,
  );
}

/** A sensor rather than a service, whose columns only teleplot can name. */
function firstOf(devices: CapturedDevice[]): CapturedDevice | undefined {
  const known = devices.map((device) => ({ device, dialect: encodedDialectOf(device.columns) }));
  const isSensor = known.find(({ dialect }) => dialect !== null && dialect !== 'teleplot');
  return (isSensor ?? known.find(({ dialect }) => dialect !== null))?.device;
}

async function* readCapture(path: string) {
  try {
    yield* replayCapture(path);
  } catch (error) {
    throw fromSystem(error, `Reading ${path}`);
  }
}

function dialectFor({ id, columns }: CapturedDevice, wanted: string | undefined): EncodedDialect {
  const dialect =
    wanted === undefined ? encodedDialectOf(columns) : encodedDialects.find((each) => each === wanted);
  if (dialect) return dialect;
  throw new WarroomError(
    'bad-input',
    wanted === undefined
      ? `${id} has the columns ${columns.join(', ')}, which no dialect here prints.`
      : `${wanted} can't be printed.`,
    `Those that can be played speak ${encodedDialects.join(', ')}.`,
  );
}

/** Resolves when another process has the port open (macOS: when Enter is pressed): before that nobody would hear it. */
async function readerOf(link: string, ours: (number | undefined)[]): Promise<void> {
  if (process.platform !== 'linux') {
    print('Connect it, then press Enter.');
    const lines = createInterface({ input: process.stdin });
    await new Promise<void>((done) => lines.once('line', () => done()));
    lines.close();
    return;
  }
  print('It plays as soon as the port is opened.');
  // Whoever opens a port sets it up first, and forgets what came meanwhile.
  for (let seen = 0; seen * pollMs < settleMs; await pause(pollMs))
    seen = (await processesWithOpen(link)).some((pid) => !ours.includes(pid)) ? seen + 1 : 0;
}

/** Gives the device's rows at their times. The board's clock begins at one second. */
async function play(
  path: string,
  device: string,
  columns: readonly string[],
  speed: number,
  write: (times: number[], rows: Row[]) => void,
): Promise<{ rows: number; leftOut: number }> {
  const join = createRowJoin(columns.length);
  const started = performance.now();
  let first = NaN;
  let rows = 0;
  const timeOf = ({ t }: Row) => 1_000_000 + (t - first) / speed;

  async function give(due: Row[]): Promise<void> {
    for (let at = 0; at < due.length;) {
      const elapsed = (performance.now() - started) * 1000;
      const ready = due.slice(at).findIndex((row) => timeOf(row) - 1_000_000 > elapsed);
      const batch = due.slice(at, Math.min(ready < 0 ? due.length : at + ready, at + mostAtOnce / 32));
      if (batch.length > 0) write(batch.map(timeOf), batch);
      at += batch.length;
      rows += batch.length;
      await pause(stepMs);
    }
  }

  for await (const item of readCapture(path)) {
    if (item.kind !== 'samples') continue;
    const column = columns.findIndex((each) => item.channel.id === `${device}/${each}`);
    if (column < 0) continue;
    join.add(column, item.samples);
    const due = join.take();
    if (Number.isNaN(first)) first = due[0]?.t ?? NaN;
    await give(due);
  }
  return { rows, leftOut: join.leftOut };
}
