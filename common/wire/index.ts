import { WarroomError } from '../lib/errors.ts';
import { createBeamEvents } from './beam-events.ts';
import { createBeamLevel } from './beam-level.ts';
import { createBeamText } from './beam-text.ts';
import { createCsv } from './csv.ts';
import { createFrames } from './frames.ts';
import { createHx711Average } from './hx711-average.ts';
import { createHx711Csv } from './hx711-csv.ts';
import { createHx711Loadcell } from './hx711-loadcell.ts';
import { createHx711Reading } from './hx711-reading.ts';
import { createHx711WeightRaw } from './hx711-weight-raw.ts';
import { createTegrastats } from './tegrastats.ts';
import { createTeleplot } from './teleplot.ts';
import type { Dialect, DialectOptions } from './types.ts';

interface Kind {
  create(options: DialectOptions): Dialect;
  /** The options that it heeds. */
  options: readonly (keyof DialectOptions)[];
}

/** Every dialect by the name that a device's spec gives (common/contract/devices.ts). A new one is one line here. */
const kinds: Record<string, Kind> = {
  'hx711-csv': { create: createHx711Csv, options: ['decimal', 'offsetBinary'] },
  'hx711-reading': { create: createHx711Reading, options: ['offsetBinary'] },
  'hx711-average': { create: createHx711Average, options: ['decimal'] },
  'hx711-loadcell': { create: createHx711Loadcell, options: ['decimal'] },
  'hx711-weight-raw': { create: createHx711WeightRaw, options: ['decimal', 'offsetBinary'] },
  csv: { create: createCsv, options: ['decimal'] },
  teleplot: { create: createTeleplot, options: ['decimal'] },
  'beam-events': { create: createBeamEvents, options: ['activeLow'] },
  'beam-text': { create: createBeamText, options: [] },
  'beam-level': { create: createBeamLevel, options: ['activeLow'] },
  tegrastats: { create: createTegrastats, options: [] },
  frames: { create: createFrames, options: [] },
};

/** Names that `dialectOf` knows. */
export const dialectNames: readonly string[] = Object.keys(kinds);

/** A fresh parser (it may keep state, so one per device). Throws `bad-input` for an unknown name. */
export function dialectOf(name: string, options: DialectOptions = {}): Dialect {
  return kindOf(name).create(options);
}

/** The options that a dialect heeds; it ignores all others. Throws as above. */
export function optionsOf(name: string): readonly (keyof DialectOptions)[] {
  return kindOf(name).options;
}

function kindOf(name: string): Kind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind)
    throw new WarroomError(
      'bad-input',
      `No dialect is called ${name}.`,
      `Choose one of: ${dialectNames.join(', ')}.`,
    );
  return kind;
}
