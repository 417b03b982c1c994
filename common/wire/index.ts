import { WarroomError } from '../lib/errors.ts';
import { createBeamEvents } from './beam-events.ts';
import { createHx711Csv } from './hx711-csv.ts';
import type { Dialect, DialectOptions } from './types.ts';

interface Kind {
  create(options: DialectOptions): Dialect;
  /** The options that it heeds. */
  options: readonly (keyof DialectOptions)[];
}

/** Every dialect by the name that a device's spec gives (common/contract/devices.ts). A new one is one line here. */
const kinds: Record<string, Kind> = {
  'hx711-csv': { create: createHx711Csv, options: ['decimal', 'offsetBinary'] },
  'beam-events': { create: createBeamEvents, options: ['activeLow'] },
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
