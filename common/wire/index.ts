import { WarroomError } from '../lib/errors.ts';
import { createBeamEvents } from './beam-events.ts';
import { createHx711Csv } from './hx711-csv.ts';
import type { Dialect } from './types.ts';

/** Every dialect by the name that a device's spec gives (common/contract/devices.ts). A new one is one line here. */
const factories: Record<string, () => Dialect> = {
  'hx711-csv': () => createHx711Csv(),
  'beam-events': createBeamEvents,
};

/** Names that `dialectOf` knows. */
export const dialectNames: readonly string[] = Object.keys(factories);

/** A fresh parser (it may keep state, so one per device). Throws `bad-input` for an unknown name. */
export function dialectOf(name: string): Dialect {
  const create = Object.hasOwn(factories, name) ? factories[name] : undefined;
  if (!create)
    throw new WarroomError(
      'bad-input',
      `No dialect is called ${name}.`,
      `Choose one of: ${dialectNames.join(', ')}.`,
    );
  return create();
}
