import { describe, expect, it } from 'vitest';
import {
  createRandom,
  detect,
  healthyEdges,
  makeBeam,
  makeCell,
  partTimes,
  raised,
  type BeamOptions,
  type CellOptions,
  type Told,
} from './made-signals.ts';

const seconds = 60;
const on = 32;
const both = [true, false];

/** A beam before a scale of one cell. */
function line(beam: BeamOptions, cell: CellOptions = {}, length = seconds): Told[] {
  return detect(length, [makeCell('cell', length, cell), makeBeam('gate', length, beam)]);
}
const names = (told: Told[]) => told.map(({ state, fault }) => `${state} ${fault}`);
/** The edges of the parts from `on` on are what `make` says. */
const since =
  (make: (n: number) => [number, number][]): NonNullable<BeamOptions['part']> =>
  (n) =>
    partTimes(n).broken < on ? healthyEdges(n) : make(n);

it.each(both)('a healthy beam has no name (heartbeat: %s)', (heartbeat) => {
  expect(line({ heartbeat }, {}, 300)).toEqual([]);
  expect(line({ heartbeat }, { rate: 10.1 }, 300)).toEqual([]);
});

it.each(both)('one whose lines are lost now and then has none either (heartbeat: %s)', (heartbeat) => {
  const random = createRandom(4);
  const part = (n: number) => healthyEdges(n).filter(() => random() > 0.02);
  const beat = (t: number) => (t > partTimes(1).broken && t % partTimes(1).broken < 0.21 ? 0 : 1);
  const told = line({ heartbeat, part, beat }, {}, 300).filter(({ fault }) => fault !== 'beam-blind');
  expect(told).toEqual([]);
});

describe('a beam that is stuck', () => {
  it('is named by its heartbeat within two seconds', () => {
    const told = line({ part: since(() => []), more: [[on + 0.9, 0]] });
    expect(raised(told)).toEqual(['beam-stuck']);
    expect(told[0]!.from).toBeCloseTo(on + 0.9, 3);
    expect(told[0]!.at - on - 0.9).toBeLessThan(2);
  });

  it('without one when no weight followed the break', () => {
    // The scale is empty then, and stays so for a while.
    const told = line({ heartbeat: false, part: since(() => []), more: [[on + 2.4, 0]] });
    expect(raised(told)).toEqual(['beam-stuck']);
    expect(told[0]!.at - on - 2.4).toBeLessThan(2);
  });

  it('and not when the line of the free beam was lost', () => {
    const part = since((n) => (n === 12 ? [healthyEdges(n)[0]!] : healthyEdges(n)));
    expect(line({ heartbeat: false, part })).toEqual([]);
  });
});

describe('a beam that misses parts', () => {
  it('is named at the first with a heartbeat, which says that no line was lost', () => {
    const told = line({ part: since(() => []) });
    expect(raised(told)).toEqual(['beam-blind']);
    expect(told[0]!.at - on).toBeLessThan(3);
    expect(told[0]!.says).toContain('Weight arrived 1 times');
  });

  it('at the second without one: the lines of one may be lost', () => {
    const one = since((n) => (n === 12 ? [] : healthyEdges(n)));
    expect(line({ heartbeat: false, part: one })).toEqual([]);
    const told = line({ heartbeat: false, part: since(() => []) });
    expect(raised(told)).toEqual(['beam-blind']);
    expect(told[0]!.at - on).toBeLessThan(3.2 + 3);
  });

  it('is none when it has only been connected after they passed', () => {
    const beam = makeBeam('gate', seconds);
    const late = { ...beam, samples: beam.samples.filter(({ t }) => t > 13.4) };
    expect(detect(seconds, [makeCell('cell', seconds), late])).toEqual([]);
  });

  it('is none while its link stood still', () => {
    const beam = makeBeam('gate', seconds);
    const torn = { ...beam, samples: beam.samples.filter(({ t }) => t < 31.8 || t > 33.1) };
    expect(detect(seconds, [makeCell('cell', seconds), torn])).toEqual([]);
  });
});

describe('a beam that breaks without a part', () => {
  const more = [40.7, 43.9, 47.1].flatMap((t): [number, number][] => [
    [t, 0],
    [t + 0.1, 1],
  ]);

  it.each(both)('is named when no weight follows (heartbeat: %s)', (heartbeat) => {
    const told = line({ heartbeat, more }, {}, 75);
    expect(names(told)).toEqual(['raised beam-false-edges', 'cleared beam-false-edges']);
    expect(told[0]!.at - 40.7).toBeLessThan(2);
  });

  it('is not where the cell was silent just then', () => {
    const change: CellOptions['change'] = (counts, t) => (t > 40.6 && t < 41.5 ? null : counts);
    expect(line({ more: more.slice(0, 2) }, { change })).toEqual([]);
    expect(raised(line({ more: more.slice(0, 2) }))).toEqual(['beam-false-edges']);
  });
});

describe('edges that bounce', () => {
  const bouncing = (n: number): [number, number][] =>
    healthyEdges(n).flatMap(([t, level]): [number, number][] => [
      [t, level],
      [t + 0.001, 1 - level],
      [t + 0.003, level],
    ]);

  it.each(both)('are named, and no false ones (heartbeat: %s)', (heartbeat) => {
    const told = line({ heartbeat, part: since(bouncing) });
    expect(raised(told)).toEqual(['beam-bounce']);
    expect(told[0]!.at - on).toBeLessThan(0.6);
  });
});

it.each([100, 120])(
  'lamps at %d Hz are named with their pace, and neither bounces nor false edges',
  (hertz) => {
    const more = Array.from({ length: hertz * 3 }, (_, i): [number, number][] => [
      [on + 2 + i / hertz, 0],
      [on + 2 + i / hertz + 0.002, 1],
    ]).flat();
    const told = line({ more });
    expect(raised(told)).toEqual(['beam-lamps']);
    expect(told[0]!.says).toContain(`${hertz} Hz`);
    expect(told[0]!.at - on - 2).toBeLessThan(0.5);
  },
);

it('a heartbeat that stops is quiet; a beam that speaks on change may be silent', () => {
  const idle = { part: () => [] as [number, number][] };
  expect(raised(line({ ...idle, beat: (t) => (t > on ? null : 1) }, { idle: true }))).toEqual(['quiet']);
  expect(line({ ...idle, heartbeat: false }, { idle: true })).toEqual([]);
});
