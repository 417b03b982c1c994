import { describe, expect, test } from 'vitest';
import { ageText, laneAge, type DeviceFacts } from './lane-age.ts';

const now = 1_795_000_000_000_000;
const cell = { id: 'cell/weight', kind: 'linear', last: now, perSecond: 80 } as const;
const beam = { id: 'beam/beam', kind: 'step', last: now - 60e6, perSecond: 0.1 } as const;
const deviceOf = (dialect: DeviceFacts['dialect'], ago: number, heartbeat?: number): DeviceFacts => ({
  id: 'beam',
  dialect,
  lastHeard: now - ago,
  spec: { heartbeat },
});

describe('a channel with a rate', () => {
  const isStale = (perSecond: number | null, ago: number) =>
    laneAge({ ...cell, perSecond, last: now - ago }, now, undefined, undefined)!.isStale;

  test('is old after a few of its own intervals, and not before it could be told', () => {
    expect(isStale(80, 1.4e6)).toBe(false);
    expect(isStale(80, 1.6e6)).toBe(true);
    expect(isStale(0.5, 7.9e6)).toBe(false);
    expect(isStale(0.5, 8.1e6)).toBe(true);
    expect(isStale(null, 2.1e6)).toBe(true);
  });

  test('has no age before its first sample', () => {
    expect(laneAge({ ...cell, last: 0 }, now, undefined, undefined)).toBeNull();
  });
});

describe('a beam', () => {
  test('that has a heartbeat is as old as that, not as its last edge', () => {
    expect(laneAge(beam, now, deviceOf('beam-events', 0.5e6), undefined)).toEqual({
      micros: 0.5e6,
      isStale: false,
    });
    expect(laneAge(beam, now, deviceOf('beam-events', 3e6), undefined)?.isStale).toBe(true);
  });

  test('that speaks on change only is not called old by its silence, unless it was promised to speak', () => {
    expect(laneAge(beam, now, deviceOf('beam-text', 60e6), undefined)).toEqual({
      micros: 60e6,
      isStale: false,
    });
    expect(laneAge(beam, now, deviceOf('beam-text', 60e6, 2), undefined)?.isStale).toBe(true);
    expect(laneAge(beam, now, deviceOf('beam-events', 60e6, 0), undefined)?.isStale).toBe(false);
  });
});

test('the level of a service is old by the pace at which it is asked', () => {
  const up = { id: 'cv/up', kind: 'step', last: now - 5e6, perSecond: 0.5 } as const;
  expect(laneAge(up, now, undefined, { name: 'cv' })?.isStale).toBe(false);
  expect(laneAge({ ...up, perSecond: 1 }, now, undefined, { name: 'cv' })?.isStale).toBe(true);
});

test('ages are told in whole units', () => {
  expect([12.9e6, 119e6, 120e6, 7199e6, 7200e6].map(ageText)).toEqual([
    '12 s',
    '119 s',
    '2 min',
    '119 min',
    '2 h',
  ]);
});
