import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { RejectedBytes, Reading, SampleBlock } from '../../common/wire/types.ts';
import { dialectOf } from '../../common/wire/index.ts';
import { createSplitter } from '../../common/wire/splitter.ts';
import { createColumn } from './columns.ts';
import { createRate } from './rates.ts';
import { createRejects } from './rejects.ts';
import { createStamps } from './stamps.ts';

/** A device's bytes → stamped samples, rejected bytes and counts. Lives through all its connections. */
export interface Reader {
  /** Ids of its channels. */
  readonly channels: string[];
  /** Host time of the last accepted line; 0 before the first. */
  readonly lastHeard: number;
  readonly rejectedBytes: number;
  readonly bytesPerSecond: number;
  readonly linesPerSecond: number;
  /** Most samples that wait in one column. */
  readonly waiting: number;
  /** A connection was opened. */
  beginConnection(now: number): void;
  /** Bytes that were read at `now`. Answers the time of the first line accepted from them; 0 when there is none. */
  read(chunk: Uint8Array, now: number): number;
  /** The connection ended: the next byte begins a new line. */
  endConnection(): void;
  takeBlocks(): SampleBlock[];
  takeRejected(now: number): RejectedBytes[];
  /** Events that the device's own numbers say never came, since this was last asked. */
  takeLost(): number;
  /** Ends a window of the rates; called each half second. */
  turnRates(): void;
}

/** `blockSeqs`: the next block's number per channel, where the device was known before. Throws for an unknown dialect. */
export function createReader(spec: DeviceSpec, blockSeqs: Record<string, number>, now: number): Reader {
  const dialect = dialectOf(spec.dialect);
  const columns = new Map(
    dialect.columns.map(({ column }) => {
      const channel = `${spec.id}/${column}`;
      return [column, createColumn(channel, blockSeqs[channel] ?? 0)];
    }),
  );
  const rejects = createRejects(spec.id, now);
  const stamps = createStamps();
  const bytes = createRate();
  const lines = createRate();
  const refusal = `not of the dialect ${dialect.name}`;
  const reasons = {
    'too-long': `a line over ${dialect.maxLineBytes} bytes`,
    'cut-short': 'a line cut short by the end of the connection',
  };
  /** Lines of the read that is under way. */
  let accepted: Reading[][] = [];
  let lastHeard = 0;

  const splitter = createSplitter(dialect.maxLineBytes, {
    onLine: (line) => {
      const readings = dialect.parse(line);
      if (readings) accepted.push(readings);
      else rejects.add(line, true, refusal);
    },
    onRejected: (part, last, why) => rejects.add(part, last, reasons[why]),
  });

  function stampAccepted(at: number): number {
    const times = stamps.stamp(accepted.length, at, deviceTimesOf(accepted));
    accepted.forEach((readings, line) => {
      for (const { column, value, deviceTime } of readings)
        columns.get(column)?.add(times[line]!, value, deviceTime);
    });
    lines.add(accepted.length);
    lastHeard = at;
    accepted = [];
    return times[0]!;
  }

  return {
    channels: [...columns.values()].map(({ channel }) => channel),
    get lastHeard() {
      return lastHeard;
    },
    get rejectedBytes() {
      return rejects.total;
    },
    get bytesPerSecond() {
      return bytes.perSecond();
    },
    get linesPerSecond() {
      return lines.perSecond();
    },
    get waiting() {
      return Math.max(...[...columns.values()].map(({ count }) => count));
    },
    beginConnection: (at) => stamps.notBefore(at),
    read(chunk, at) {
      bytes.add(chunk.length);
      splitter.push(chunk);
      return accepted.length === 0 ? 0 : stampAccepted(at);
    },
    endConnection: () => splitter.end(),
    takeBlocks: () => [...columns.values()].map((column) => column.take()).filter((block) => block !== null),
    takeRejected: (at) => rejects.take(at),
    takeLost: () => dialect.takeLost?.() ?? 0,
    turnRates() {
      bytes.turn();
      lines.turn();
    },
  };
}

/** The device's own times of the lines, if every line has one. */
function deviceTimesOf(lines: Reading[][]): number[] | null {
  const times: number[] = [];
  for (const readings of lines) {
    const time = readings[0]?.deviceTime;
    if (time === undefined) return null;
    times.push(time);
  }
  return times;
}
