import { describe, expect, it } from 'vitest';
import { deviceLines, linesIn } from '../../test/fakes/device-lines.ts';
import { seeded } from '../../test/fakes/seeded.ts';
import { receivedAt } from '../../test/fakes/uart.ts';
import { concat, fromUtf8, utf8 } from '../lib/bytes.ts';
import { asciiText } from './ascii.ts';
import { createIdentifier, probeRates, usualRates } from './identify.ts';
import { dialectNames, optionsOf } from './index.ts';
import type { DialectOptions } from './types.ts';

const unusual: Required<DialectOptions> = { decimal: ',', activeLow: false, offsetBinary: true };

/** Every set of the options that a dialect heeds. */
function variantsOf(name: string): DialectOptions[] {
  let variants: DialectOptions[] = [{}];
  for (const option of optionsOf(name))
    variants = [...variants, ...variants.map((usual) => ({ ...usual, [option]: unusual[option] }))];
  return variants;
}

const cases = dialectNames.flatMap((name) => variantsOf(name).map((options) => ({ name, options })));
const sends = cases.map(({ name, options }) => ({
  name,
  options,
  shown: [name, ...Object.keys(options)].join(' '),
}));

interface Heard {
  seconds?: number;
  /** Share of lines that are noise. */
  garbage?: number;
  cutFirst?: boolean;
}

function hear(name: string, options: DialectOptions, seed: number, how: Heard) {
  const { seconds = 2, garbage = 0, cutFirst = false } = how;
  const next = deviceLines(name, options, seed);
  const random = seeded(seed + 7_000);
  const identifier = createIdentifier();
  const lines: Uint8Array[] = [];
  for (let i = linesIn(name, seconds); i > 0; i--) {
    lines.push(next());
    if (random() < garbage)
      lines.push(
        Uint8Array.from({ length: 1 + Math.floor(random() * 30) }, () => random() * 256),
        next(),
      );
  }
  if (cutFirst) lines.unshift(next().subarray(Math.floor(1 + random() * 8)));
  const bytes = concat(...lines);
  for (let at = 0; at < bytes.length;) {
    const stop = at + 1 + Math.floor(random() * 64);
    identifier.push(bytes.subarray(at, stop));
    at = stop;
  }
  return identifier;
}

/** Of the options, those that lines can tell. */
const tellable = ({ activeLow: _, ...options }: DialectOptions) => options;

const situations: Heard[] = [
  {},
  { garbage: 0.01 },
  { cutFirst: true },
  { garbage: 0.01, cutFirst: true, seconds: 6 },
];

describe('two seconds of a device', () => {
  it.each(sends)('that sends $shown name it first, whatever else comes', ({ name, options }) => {
    const wrong: unknown[] = [];
    for (const how of situations)
      for (let seed = 1; seed <= 40; seed++) {
        const [first] = hear(name, options, seed, how).guesses();
        const isRight =
          first?.dialect === name &&
          JSON.stringify(first.options) === JSON.stringify(tellable(options)) &&
          first.confidence > 0.3;
        if (!isRight) wrong.push({ how, seed, first });
      }
    expect(wrong).toEqual([]);
  });

  it('give every dialect to no other: the matrix of who is named first has nothing beside its diagonal', () => {
    const named = (name: string) =>
      cases
        .filter(({ name: sender }) => sender === name)
        .flatMap(({ options }) =>
          [1, 2, 3].map((seed) => hear(name, options, seed, {}).guesses()[0]?.dialect),
        );
    for (const name of dialectNames) expect(new Set(named(name)), name).toEqual(new Set([name]));
  });
});

/** What lines of text are taken for. */
function taken(lines: string[]) {
  const identifier = createIdentifier();
  identifier.push(utf8(lines.map((line) => `${line}\n`).join('')));
  return identifier.guesses();
}
const repeat = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i));

describe('numbers that are no load cell', () => {
  it.each<[string, (i: number) => string]>([
    ['a time and a value', (i) => `${100_000 + i * 100},${(20 + Math.sin(i)).toFixed(2)}`],
    ['a temperature and a humidity', (i) => `${20 + (i % 3)},${40 + (i % 7)}`],
    ['a light sensor, minutes and seconds', (i) => `${52_000 + ((i * 37) % 91)},12,${10 + i}`],
    [
      'a 10-bit ADC and its voltage',
      (i) => `${500 + ((i * 37) % 91)},${(2.4 + ((i * 37) % 91) / 200).toFixed(2)}`,
    ],
  ])('are columns: %s', (_, line) => expect(taken(repeat(20, line))[0]?.dialect).toBe('csv'));

  it('are a load cell even where it measures nothing', () => {
    for (const flat of ['8388607,19999.99', '-8388608,-20000.00', '-1,294.10', '0,294.10', '-123456,0.00'])
      expect(taken(repeat(20, () => flat))[0], flat).toMatchObject({ dialect: 'hx711-csv', options: {} });
  });
});

describe('confidence', () => {
  const sure = (lines: string[]) => taken(lines)[0]!.confidence;
  const edges = (count: number) => repeat(count, (i) => String(i % 2));

  it('comes with two heartbeats of a beam that is idle, and slowly with digits', () => {
    expect(sure(['H,7,1000000,1', 'H,7,2000000,1'])).toBeGreaterThan(0.9);
    expect(sure(edges(2))).toBeLessThan(0.5);
    expect(sure(edges(8))).toBeGreaterThan(0.8);
  });

  it('does not fall by a first line that was cut', () => {
    expect(sure(['0000,1', 'H,7,2000000,1'])).toBe(sure(['H,7,2000000,1']));
    expect(sure(['H,7,2000000,1', '0000,1'])).toBeLessThan(sure(['H,7,2000000,1']));
  });

  it('falls with lines that do not fit, and comes back', () => {
    const good = repeat(40, () => 'H,7,1000000,1');
    const boot = repeat(20, (i) => `rst cause ${i}, boot mode`);
    expect(sure([...boot, ...good])).toBeLessThan(0.7);
    expect(taken([...boot, ...repeat(4, () => 'H,7,1000000,1')])).toEqual([]);
    expect(sure([...boot, ...repeat(600, () => 'H,7,1000000,1')])).toBeGreaterThan(0.95);
  });
});

it('knows the demo of the HX711 library by its first measurement, after all that it says before', () => {
  const before = ['HX711 Demo', 'Initializing the scale', 'Before setting up the scale:'];
  const read = ['read: \t\t', 'read average: \t\t', 'get value: \t\t', 'get units: \t\t'].map(
    (text) => `${text}-123456`,
  );
  const lines = [...before, ...read, 'After setting up the scale:', ...read, 'Readings:'];
  expect(taken([...lines, 'one reading:\t12.3\t| average:\t12.2'])[0]?.dialect).toBe('hx711-average');
});

describe('a wrong rate', () => {
  const rates = probeRates.filter((rate) => rate >= 9_600 && rate <= 921_600);
  const pairs = rates.flatMap((sent) => rates.map((heard) => [sent, heard] as const));
  const textual = cases.filter(({ name, options }) => name !== 'frames' && Object.keys(options).length === 0);

  it.each(textual)('is told from what $name sends at the right one', ({ name }) => {
    const unseen: string[] = [];
    for (const end of ['\r\n', '\n'])
      for (const [sent, heard] of pairs) {
        const next = deviceLines(name, {}, 5);
        const lines = repeat(20, () => fromUtf8(next()).replace('\r\n', end));
        const bytes = receivedAt(utf8(lines.join('')), sent, heard);
        const identifier = createIdentifier();
        identifier.push(bytes);
        const isRight = sent === heard;
        const isSeen = identifier.looksGarbled() !== isRight && identifier.guesses().length > 0 === isRight;
        // A rate so much lower leaves hardly a byte to judge by.
        if (!isSeen && bytes.length >= 64) unseen.push(`${sent} heard at ${heard}: ${asciiText(bytes)}`);
      }
    expect(unseen).toEqual([]);
  });

  it('is not what text of no dialect is, nor a quiet line', () => {
    const identifier = createIdentifier();
    expect([identifier.looksGarbled(), identifier.guesses()]).toEqual([false, []]);
    for (let i = 0; i < 20; i++) identifier.push(utf8(`Connecting to WiFi, try ${i}: no answer °\r\n`));
    expect([identifier.looksGarbled(), identifier.guesses()]).toEqual([false, []]);
  });

  it('is not what frames are', () => {
    const identifier = hear('frames', {}, 1, {});
    expect(identifier.looksGarbled()).toBe(false);
  });
});

it('tries first the rates at which the dialects usually speak', () => {
  const usual = new Set(Object.values(usualRates).flat());
  expect(Object.keys(usualRates).sort()).toEqual([...dialectNames].sort());
  expect(new Set(probeRates.slice(0, usual.size))).toEqual(usual);
  expect(new Set(probeRates).size).toBe(probeRates.length);
});
