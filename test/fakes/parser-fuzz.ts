import { createIdentifier } from '../../common/wire/identify.ts';
import { dialectNames, dialectOf, optionsOf } from '../../common/wire/index.ts';
import { createSplitter } from '../../common/wire/splitter.ts';
import { mostColumns, type Dialect, type DialectOptions } from '../../common/wire/types.ts';
import { createReader } from '../../native/device-host/reader.ts';
import { deviceLines } from './device-lines.ts';
import { createMutator } from './mutate.ts';
import { seeded } from './seeded.ts';

const unusual: Required<DialectOptions> = { decimal: ',', activeLow: false, offsetBinary: true };

/** Every dialect with every set of the options that it heeds. */
export const allVariants: { name: string; options: DialectOptions }[] = dialectNames.flatMap((name) =>
  optionsOf(name)
    .reduce<DialectOptions[]>(
      (sets, option) => [...sets, ...sets.map((set) => ({ ...set, [option]: unusual[option] }))],
      [{}],
    )
    .map((options) => ({ name, options })),
);

/** What a run of damaged lines gave. `broken`: rules that did not hold, each with what broke it; empty when all held. */
export interface FuzzReport {
  bytes: number;
  acceptedLines: number;
  rejectedBytes: number;
  broken: string[];
}

/** Least and most that a column may give. */
function boundsOf(dialect: string, column: string): [number, number] {
  if (column === 'beam') return [0, 1];
  if (column === 'raw' && dialect.startsWith('hx711')) return [-(2 ** 23), 2 ** 23 - 1];
  if (dialect === 'frames') return [-(2 ** 31), 2 ** 31 - 1];
  if (/^(cpu\d+|gr3d|emc)$/.test(column)) return [0, 100];
  if (column.startsWith('temp-')) return [-255.999, 999.999999];
  return [-Number.MAX_VALUE, Number.MAX_VALUE];
}

/** Good lines in a row, after so many damaged ones: the parser must be in step again by the last of them. */
const damagedInARow = 50;
const goodInARow = 2;

/**
 * Feeds `lines` damaged lines of a dialect to its parser behind the splitter, to the reader of the device-host and (where
 * `identify` is set) to an identifier, in chunks of any length.
 */
export function fuzzVariant(
  { name, options }: { name: string; options: DialectOptions },
  lines: number,
  seed: number,
  identify: boolean,
): FuzzReport {
  const report: FuzzReport = { bytes: 0, acceptedLines: 0, rejectedBytes: 0, broken: [] };
  const broke = (rule: string) => report.broken.length < 5 && report.broken.push(`${name}: ${rule}`);
  const dialect = dialectOf(name, options);
  const checked = checkedParser(dialect, broke);
  const reader = createReader({ id: 'fuzz', dialect: name, options }, {}, 0);
  const identifier = identify ? createIdentifier() : null;
  const random = seeded(seed);
  const mutator = createMutator(seed);
  const next = deviceLines(name, options, seed);
  const endByte = dialect.ends === 'zero' ? 0 : 10;
  let acceptedBytes = 0;
  let ends = 0;
  let now = 1e15;

  const splitter = createSplitter(
    dialect.maxLineBytes,
    {
      onLine(line) {
        if (line.length === 0 || line.length > dialect.maxLineBytes) broke(`a line of ${line.length} bytes`);
        if (checked(line)) {
          acceptedBytes += line.length;
          report.acceptedLines++;
        } else report.rejectedBytes += line.length;
      },
      onRejected(part) {
        if (part.length > dialect.maxLineBytes) broke(`a part of ${part.length} bytes`);
        report.rejectedBytes += part.length;
      },
    },
    dialect.ends,
  );

  function push(chunk: Uint8Array): void {
    report.bytes += chunk.length;
    for (const byte of chunk) if (byte === endByte || (endByte === 10 && byte === 13)) ends++;
    splitter.push(chunk);
    reader.read(chunk, (now += 1_000));
    identifier?.push(chunk);
  }

  /** In two chunks, cut anywhere. */
  function pushCut(bytes: Uint8Array): void {
    const cut = Math.floor(random() * (bytes.length + 1));
    push(bytes.subarray(0, cut));
    push(bytes.subarray(cut));
  }

  function checkRecovery(): void {
    push(Uint8Array.of(endByte));
    let before = 0;
    for (let good = 0; good < goodInARow; good++) {
      before = report.acceptedLines;
      push(next());
    }
    if (report.acceptedLines === before) broke('a good line after damaged ones was refused');
  }

  function checkReader(): void {
    for (const { channel, t, v } of reader.takeBlocks())
      for (let i = 0; i < v.length; i++)
        if (!Number.isFinite(v[i]) || (i > 0 && !(t[i]! > t[i - 1]!))) broke(`${channel} has a wrong sample`);
    const kept = reader.takeRejected(now).reduce((sum, { bytes }) => sum + bytes.length, 0);
    const remarks = reader.takeRemarks(now).length;
    if (kept > 300_000 || remarks > 16) broke(`${kept} bytes and ${remarks} remarks were kept at once`);
    if (reader.channels.length > mostColumns) broke(`${reader.channels.length} channels`);
    for (const { confidence, lines: fitting } of identifier?.guesses() ?? [])
      if (!(confidence >= 0 && confidence <= 1 && fitting > 0)) broke(`a confidence of ${confidence}`);
  }

  for (let i = 0; i < 4; i++) push(next());
  for (let line = 0; line < lines; line++) {
    pushCut(mutator.mutate(next()));
    if (random() < 0.9) push(Uint8Array.of(endByte));
    if (line % damagedInARow === damagedInARow - 1) checkRecovery();
    if (line % 1_000 === 999) checkReader();
  }
  splitter.end();
  reader.endConnection();
  checkReader();
  if (acceptedBytes + report.rejectedBytes + ends !== report.bytes)
    broke(`${report.bytes} bytes in, ${acceptedBytes} + ${report.rejectedBytes} + ${ends} out`);
  if (reader.rejectedBytes !== report.rejectedBytes)
    broke(`the reader rejected ${reader.rejectedBytes} bytes`);
  return report;
}

/** The dialect's `parse`, which tells when it breaks a rule of `Dialect`. */
export function checkedParser(
  dialect: Dialect,
  broke: (rule: string) => void,
): (line: Uint8Array) => boolean {
  let puts = 0;
  let isMoment = false;
  const sink = {
    moment(deviceTime: number) {
      puts++;
      isMoment = true;
      if (!Number.isNaN(deviceTime) && !(deviceTime >= 0 && deviceTime <= 2 * Number.MAX_SAFE_INTEGER))
        broke(`a device time of ${deviceTime}`);
    },
    add(index: number, value: number) {
      const { column } = dialect.columns[index] ?? {};
      if (!isMoment || !column || dialect.columns.length > mostColumns) return broke(`column ${index}`);
      const [least, most] = boundsOf(dialect.name, column);
      if (!(value >= least && value <= most)) broke(`${column} = ${value}`);
    },
    remark(text: string) {
      puts++;
      if (text.length === 0 || text.length > 200) broke(`a remark of ${text.length} characters`);
    },
  };
  return (line) => {
    puts = 0;
    isMoment = false;
    const isAccepted = dialect.parse(line, sink);
    if (!isAccepted && puts > 0) broke('a refused line put something');
    return isAccepted;
  };
}
