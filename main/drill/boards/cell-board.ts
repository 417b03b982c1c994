import type { DeviceOptions } from '../../../common/contract/devices.ts';
import type { RigCellDialect } from '../../../common/contract/rig-dialects.ts';
import { createFrameEncoder } from '../../../common/wire/frame-encoder.ts';
import type { CellSample, CellSignal } from '../signal/cell-signal.ts';
import type { Board, PrintedLine } from './board.ts';

interface Firmware {
  print(sample: CellSample): PrintedLine['line'];
  lineEnd: string;
  /** Its line for a chip that is not ready, each second. */
  notReady?: string;
}

export interface CellBoardOptions {
  dialect: RigCellDialect;
  decimal?: DeviceOptions['decimal'];
  /** Since when the board runs, seconds since the rig started. */
  from: number;
}

/** A load cell's board in any dialect. It prints a line a reading; the lines are those of SENSORS. */
export function createCellBoard(signal: CellSignal, options: CellBoardOptions): Board {
  const { print, lineEnd, notReady } = createFirmware(options);
  let toldAt = -Infinity;
  return {
    dialect: options.dialect,
    lineEnd,
    *lines(time) {
      for (let sample = signal.next(time); sample; sample = signal.next(time)) {
        const { t } = sample;
        if (notReady && !sample.isReady && t - toldAt >= 1) {
          toldAt = t;
          yield { t, line: notReady };
        }
        yield { t, line: print(sample) };
      }
    },
  };
}

/** Arduino's `println` ends a line with CRLF. */
const println = '\r\n';

function createFirmware({ dialect, decimal = '.', from }: CellBoardOptions): Firmware {
  const shown = (value: number, digits: number) => {
    const text = value.toFixed(digits);
    return decimal === ',' ? text.replace('.', ',') : text;
  };
  const separator = decimal === ',' ? ';' : ',';
  const firmwares: Record<RigCellDialect, () => Firmware> = {
    'hx711-csv': () => ({
      print: ({ raw, weight }) => `${raw}${separator}${shown(weight, 2)}`,
      lineEnd: '\n',
    }),
    'hx711-reading': () => ({
      print: ({ raw }) => `HX711 reading: ${raw}`,
      lineEnd: println,
      notReady: 'HX711 not found.',
    }),
    'hx711-average': () => {
      const average = createAverage(10);
      return {
        print: ({ weight }) => `one reading:\t${shown(weight, 1)}\t| average:\t${shown(average(weight), 1)}`,
        lineEnd: println,
      };
    },
    'hx711-loadcell': () => ({
      print: ({ weight }) => `Load_cell output val: ${shown(weight, 2)}`,
      lineEnd: println,
      notReady: 'Timeout, check MCU>HX711 wiring and pin designations',
    }),
    'hx711-weight-raw': () => ({
      print: ({ raw, weight }) => `W:${shown(weight, 1)},raw:${raw}`,
      lineEnd: println,
    }),
    csv: () => ({
      print: ({ t, weight }) => `${shown(t - from, 3)}${separator}${shown(weight, 2)}`,
      lineEnd: println,
    }),
    teleplot: () => ({ print: ({ weight }) => `weight:${shown(weight, 1)}§g`, lineEnd: '\n' }),
    frames: () => {
      const frames = createFrameEncoder({ channels: 1 });
      return { print: ({ t, raw }) => frames.encode(Math.round((t - from) * 1e6), [raw]), lineEnd: '' };
    },
  };
  return firmwares[dialect]();
}

/** The mean of the last `span` values, or of as many as there were. */
function createAverage(span: number): (value: number) => number {
  const last: number[] = [];
  return (value) => {
    last.push(value);
    if (last.length > span) last.shift();
    return last.reduce((sum, each) => sum + each, 0) / last.length;
  };
}
