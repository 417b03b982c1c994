import { dialectOf } from '../../common/wire/index.ts';
import { createSplitter } from '../../common/wire/splitter.ts';
import type {
  DialectColumn,
  DialectOptions,
  RejectedBytes,
  Remark,
  SampleBlock,
} from '../../common/wire/types.ts';
import { createColumn, type Column } from './columns.ts';
import { createMoments } from './moments.ts';
import { createRate } from './rates.ts';
import { createRejects } from './rejects.ts';
import { createRemarks } from './remarks.ts';
import { createStamps } from './stamps.ts';

/** What of a device's spec its reader needs. */
export interface ReaderSpec {
  id: string;
  dialect: string;
  options?: DialectOptions | undefined;
}

/** A device's bytes → stamped samples, rejected bytes, remarks and counts. Lives through all its connections. */
export interface Reader {
  /** Ids of its channels; grows with its columns. */
  readonly channels: string[];
  /** Host time of the last accepted line; 0 before the first. */
  readonly lastHeard: number;
  readonly rejectedBytes: number;
  readonly rejectedLines: number;
  readonly bytesPerSecond: number;
  readonly linesPerSecond: number;
  /** Most samples that wait in one column. */
  readonly waiting: number;
  /** A connection was opened. */
  beginConnection(now: number): void;
  /** What is read next was there before the connection was opened. Only while nothing was heard. */
  beginPast(): void;
  /** Bytes that were read at `now`. Answers the time of the first line accepted from them; 0 when there is none. */
  read(chunk: Uint8Array, now: number): number;
  /** The connection ended: the next byte begins a new line. */
  endConnection(): void;
  takeBlocks(): SampleBlock[];
  takeRejected(now: number): RejectedBytes[];
  /** Samples or events that the device's own numbers say never came, since this was last asked. */
  takeLost(): number;
  /** Columns that its lines told since this was last asked. Those of `dialectOf(…).columns` of a new parser are none. */
  takeNewColumns(): DialectColumn[];
  /** What the firmware said of itself since this was last asked: at most 16, each text at most once a minute. */
  takeRemarks(now: number): Remark[];
  /** Ends a window of the rates; called each half second. */
  turnRates(): void;
}

/** `blockSeqs`: the next block's number per channel, where the device was known before. Throws for an unknown dialect. */
export function createReader(spec: ReaderSpec, blockSeqs: Record<string, number>, now: number): Reader {
  const dialect = dialectOf(spec.dialect, spec.options);
  const columns: Column[] = [];
  const channels: string[] = [];
  let announced = dialect.columns.length;
  const rejects = createRejects(spec.id, now, dialect.ends === 'zero' ? 0 : undefined);
  const remarks = createRemarks();
  // Levels are told when they change.
  const isStepwise = announced > 0 && dialect.columns.every(({ kind }) => kind === 'step');
  let stamps = createStamps(isStepwise);
  const moments = createMoments();
  const bytes = createRate();
  const lines = createRate();
  const refusal = `not of the dialect ${dialect.name}`;
  const unit = dialect.ends === 'zero' ? 'frame' : 'line';
  const reasons = {
    'too-long': `a ${unit} over ${dialect.maxLineBytes} bytes`,
    'cut-short': `a ${unit} cut short by the end of the connection`,
  };
  /** Lines of the read that is under way. */
  let accepted = 0;
  let lastHeard = 0;

  function followColumns(): void {
    for (const { column } of dialect.columns.slice(columns.length)) {
      const channel = `${spec.id}/${column}`;
      channels.push(channel);
      columns.push(createColumn(channel, blockSeqs[channel] ?? 0));
    }
  }
  followColumns();

  const out = {
    moment: moments.add,
    add(index: number, value: number) {
      if (index >= columns.length) followColumns();
      columns[index]!.add(moments.count - 1, value);
    },
    remark: remarks.add,
  };

  const splitter = createSplitter(
    dialect.maxLineBytes,
    {
      onLine: (line) => {
        if (dialect.parse(line, out)) accepted++;
        else rejects.add(line, true, refusal);
      },
      onRejected: (part, last, why) => rejects.add(part, last, reasons[why]),
    },
    dialect.ends,
  );

  /** Gives what the read brought its times. Answers the first of them. */
  function stampAll(at: number): number {
    if (moments.count === 0) return at;
    const { deviceTimes } = moments;
    const times = stamps.stamp(moments.count, at, moments.areTimed ? deviceTimes : null);
    for (const column of columns) column.stamp(times, deviceTimes);
    moments.clear();
    return times[0]!;
  }

  return {
    channels,
    get lastHeard() {
      return lastHeard;
    },
    get rejectedBytes() {
      return rejects.total;
    },
    get rejectedLines() {
      return rejects.lines;
    },
    get bytesPerSecond() {
      return bytes.perSecond();
    },
    get linesPerSecond() {
      return lines.perSecond();
    },
    get waiting() {
      return columns.reduce((most, { count }) => Math.max(most, count), 0);
    },
    beginConnection: (at) => stamps.notBefore(at),
    beginPast: () => void (stamps = createStamps(isStepwise)),
    read(chunk, at) {
      bytes.add(chunk.length);
      accepted = 0;
      splitter.push(chunk);
      if (accepted === 0) return 0;
      lines.add(accepted);
      lastHeard = at;
      return stampAll(at);
    },
    endConnection: () => splitter.end(),
    takeBlocks: () => columns.map((column) => column.take()).filter((block) => block !== null),
    takeRejected: (at) => rejects.take(at),
    takeLost: () => dialect.takeLost?.() ?? 0,
    takeNewColumns() {
      const grown = dialect.columns.slice(announced);
      announced += grown.length;
      return grown;
    },
    takeRemarks: (at) => remarks.take(at),
    turnRates() {
      bytes.turn();
      lines.turn();
    },
  };
}
