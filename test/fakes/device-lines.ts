import { utf8 } from '../../common/lib/bytes.ts';
import { createFrameEncoder } from '../../common/wire/frame-encoder.ts';
import type { DialectOptions } from '../../common/wire/types.ts';
import { seeded } from './seeded.ts';

/** Sends the lines of a healthy device, one at a time, each with its end. */
export type LineSource = () => Uint8Array;

interface Firmware {
  /** Lines a second where its firmware is usually left as it came: the fewest. */
  rate: number;
  source(options: DialectOptions, random: () => number): LineSource;
}

const half = 2 ** 23;

/** A cell with noise, on which parts are laid. */
function cell({ offsetBinary = false, decimal = '.' }: DialectOptions, random: () => number) {
  let load = 0;
  return () => {
    if (random() < 0.1) load = Math.floor(random() * 2_000);
    const counts = Math.round(-123_456 + load * 420 + (random() + random() + random() - 1.5) * 60);
    const grams = ((counts + 123_456) / 420).toFixed(2).replace('.', decimal);
    return { raw: offsetBinary ? counts + half : counts, grams };
  };
}

const text =
  (line: () => string): LineSource =>
  () =>
    utf8(`${line()}\r\n`);

function levels(options: DialectOptions, random: () => number, say: (level: 0 | 1) => string): LineSource {
  let isBroken = random() < 0.5;
  return text(() => {
    isBroken = !isBroken;
    return say(isBroken === (options.activeLow ?? true) ? 0 : 1);
  });
}

function beamEvents(options: DialectOptions, random: () => number): LineSource {
  let seq = Math.floor(random() * 100);
  let time = Math.floor(random() * 1e9);
  let level = options.activeLow === false ? 0 : 1;
  return text(() => {
    time += Math.floor(random() * 500_000);
    const isEdge = random() < 0.3;
    if (isEdge) [seq, level] = [seq + 1, 1 - level];
    return `${isEdge ? 'E' : 'H'},${seq},${time},${level}`;
  });
}

function tegrastats(random: () => number): LineSource {
  const percent = () => Math.floor(random() * 101);
  const degrees = () => (45 + random() * 10).toFixed(3);
  return text(() => {
    const cores = Array.from({ length: 6 }, () => `${percent()}%@729`).join(',');
    const temperatures = ['cpu', 'soc2', 'gpu', 'tj'].map((name) => `${name}@${degrees()}C`).join(' ');
    const power = `VDD_IN ${4000 + percent()}mW/4778mW VDD_SOC 1428mW/1428mW`;
    return `04-27-2026 14:59:41 RAM ${700 + percent()}/7620MB (lfb 3x4MB) SWAP 0/3810MB (cached 0MB) CPU [${cores}] GR3D_FREQ ${percent()}% ${temperatures} ${power}`;
  });
}

function frames(random: () => number): LineSource {
  const encoder = createFrameEncoder({ channels: 2, interval: 12_500 });
  const next = cell({}, random);
  let time = 0;
  return () =>
    encoder.encode(
      (time += 100_000),
      Array.from({ length: 16 }, () => next().raw),
    );
}

const firmwares: Record<string, Firmware> = {
  'hx711-csv': {
    rate: 10,
    source(options, random) {
      const next = cell(options, random);
      const separator = options.decimal === ',' && random() < 0.5 ? ';' : ',';
      return text(() => {
        const { raw, grams } = next();
        return `${raw}${separator}${grams}`;
      });
    },
  },
  'hx711-reading': {
    rate: 1,
    source(options, random) {
      const next = cell(options, random);
      return text(() => (random() < 0.01 ? 'HX711 not found.' : `HX711 reading: ${next().raw}`));
    },
  },
  'hx711-average': {
    rate: 1,
    source(options, random) {
      const next = cell(options, random);
      return text(() => `one reading:\t${next().grams}\t| average:\t${next().grams}`);
    },
  },
  'hx711-loadcell': {
    rate: 10,
    source(options, random) {
      const next = cell(options, random);
      return text(() => (random() < 0.01 ? 'Tare complete' : `Load_cell output val: ${next().grams}`));
    },
  },
  'hx711-weight-raw': {
    rate: 10,
    source(options, random) {
      const next = cell(options, random);
      return text(() => {
        const { raw, grams } = next();
        return `W:${grams},raw:${raw}`;
      });
    },
  },
  csv: {
    rate: 10,
    source({ decimal = '.' }, random) {
      const separator = decimal === ',' ? ';' : ',';
      const number = () => ((random() - 0.5) * 40).toFixed(3).replace('.', decimal);
      return text(() => [number(), number(), number()].join(separator));
    },
  },
  teleplot: {
    rate: 10,
    source(options, random) {
      const next = cell(options, random);
      return text(() => `weight:${next().grams}§g`);
    },
  },
  'beam-events': { rate: 1, source: beamEvents },
  'beam-text': {
    rate: 1,
    source: (_, random) => levels({}, random, (level) => (level === 0 ? 'Broken' : 'Unbroken')),
  },
  'beam-level': { rate: 1, source: (options, random) => levels(options, random, String) },
  tegrastats: { rate: 1, source: (_, random) => tegrastats(random) },
  frames: { rate: 10, source: (_, random) => frames(random) },
};

/** A device that speaks `dialect`; the same seed says the same. */
export function deviceLines(dialect: string, options: DialectOptions, seed: number): LineSource {
  return firmwares[dialect]!.source(options, seeded(seed));
}

/** The fewest lines that it sends in `seconds`. */
export const linesIn = (dialect: string, seconds: number) => firmwares[dialect]!.rate * seconds;
