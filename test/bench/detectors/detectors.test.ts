/** The bench of the detectors in short: over the rig's boards, links with dirt and the devices' own readers. */
import { expect, it } from 'vitest';
import { faultCases, runFault, runHealthy, type FaultCase } from './cases.ts';
import { healthyCases } from './healthy.ts';
import { score } from './score.ts';

const seed = 21;
const some: FaultCase[] = [
  { fault: 'saturated', severity: 'slight', seed, rate: 10, dialect: 'hx711-reading' },
  { fault: 'gain-lost', severity: 'clear', seed, rate: 80, dialect: 'frames' },
  { fault: 'inverted', severity: 'clear', seed, rate: 80, dialect: 'hx711-loadcell' },
  { fault: 'spikes', severity: 'severe', seed, rate: 80, dialect: 'hx711-csv' },
  { fault: 'beam-bounce', severity: 'slight', seed, rate: 80, dialect: 'beam-text' },
  { fault: 'beam-blind', severity: 'severe', seed, rate: 10, dialect: 'beam-events' },
  { fault: 'quiet', severity: 'slight', seed, rate: 10, dialect: 'csv' },
];

it.each(some)('$fault ($severity) in $dialect at $rate/s has its name and no other', (one) => {
  const { visible, named, wrong } = runFault(one);
  expect(wrong).toEqual([]);
  expect(named! - visible).toBeLessThan(4);
});

it.each(healthyCases(1).filter((_, i) => i % 3 === 0))(
  'healthy minutes of $cellA, $cellB and $beam at $rate/s have no name',
  (one) => {
    expect(runHealthy({ ...one, seconds: 200 })).toEqual([]);
  },
);

it('every fault is asked for in three degrees, in each dialect that it shows in', () => {
  const cases = faultCases([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const of = (fault: string) => cases.filter((one) => one.fault === fault);
  expect(new Set(cases.map(({ fault }) => fault)).size).toBe(18);
  expect(of('mains')).toHaveLength(30);
  expect(of('saturated')).toHaveLength(60);
  expect(new Set(of('saturated').map(({ dialect }) => dialect)).size).toBe(4);
  expect(new Set(of('quiet').map(({ dialect }) => dialect)).size).toBe(9);
});

it('the least named fault is the recall, wrong names count against all, and drift has its own time', () => {
  const base = { severity: 'clear', seed: 1, dialect: 'frames' } as const;
  const cases: FaultCase[] = [
    { ...base, fault: 'spikes', rate: 80 },
    { ...base, fault: 'spikes', rate: 80 },
    { ...base, fault: 'mains', rate: 80 },
    { ...base, fault: 'drift', rate: 80 },
    { ...base, fault: 'spikes', rate: 10 },
  ];
  const named = (seconds: number | null, wrong: string[] = []) => ({
    visible: 40,
    named: seconds === null ? null : 40 + seconds,
    wrong,
  });
  const result = score(cases, [named(1), named(null), named(0.5, ['x']), named(30), named(7)]);
  expect(result).toMatchObject({ recall: 2 / 3, precision: 4 / 5, name95: 1, drift95: 30, nameAt10: 7 });
  expect(result.says).toHaveLength(2);
});
