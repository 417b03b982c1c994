import type { DeviceSpec } from '../../../common/contract/devices.ts';

type Dialect = DeviceSpec['dialect'];

/** What each dialect is to a technician. */
const titles: Record<string, string> = {
  'hx711-csv': 'HX711 cell: counts,grams',
  'hx711-reading': 'HX711 cell: “HX711 reading: …”',
  'hx711-average': 'HX711 cell: “one reading: … | average: …”',
  'hx711-loadcell': 'HX711 cell: “Load_cell output val: …”',
  'hx711-weight-raw': 'HX711 cell: “W:…,raw:…”',
  csv: 'Any CSV of numbers',
  teleplot: 'Teleplot: name:value§unit',
  'beam-events': 'IR beam: events with time and heartbeat',
  'beam-text': 'IR beam: Broken / Unbroken',
  'beam-level': 'IR beam: 0 / 1',
  tegrastats: 'Jetson: tegrastats',
  frames: 'Binary frames (COBS)',
};

export const dialectTitle = (dialect: Dialect): string => titles[dialect] ?? dialect;

/** An id for a new device that none of `taken` has. */
export function freeId(name: string, taken: string[]): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 32) || 'sensor';
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}
