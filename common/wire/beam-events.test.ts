import { describe, expect, it } from 'vitest';
import { listen } from '../../test/fakes/readings.ts';
import { createBeamEvents } from './beam-events.ts';

/** Edges lost by lines, asked twice. */
const lostOf = (...lines: string[]) => {
  const dialect = createBeamEvents();
  for (const line of lines) listen(dialect, line);
  return [dialect.takeLost?.(), dialect.takeLost?.()];
};
const timesOf = (...lines: string[]) => {
  const dialect = createBeamEvents();
  return lines.map((line) => listen(dialect, line)?.moments[0]?.['@']);
};

describe('edges that never came', () => {
  it('are counted once, when the line after the jump goes on from there', () => {
    expect(lostOf('E,1,10,0', 'E,2,20,1', 'E,5,50,0')).toEqual([0, 0]);
    expect(lostOf('E,1,10,0', 'E,2,20,1', 'E,5,50,0', 'H,5,60,0')).toEqual([2, 0]);
  });

  it('are counted by the heartbeat too, and when the next line is missing as well', () => {
    expect(lostOf('E,1,10,0', 'H,3,20,1', 'E,4,30,0')).toEqual([2, 0]);
    expect(lostOf('E,1,10,0', 'E,2,20,1', 'E,5,50,0', 'H,6,60,1', 'E,7,70,0')).toEqual([3, 0]);
  });

  it('are none when all came', () => {
    expect(lostOf('H,4,5,1', 'E,5,10,0', 'H,5,20,0', 'E,6,30,1')).toEqual([0, 0]);
  });

  it('are not made of a restart of the board', () => {
    expect(lostOf('E,900,5000000,0', 'H,0,1000000,1', 'E,1,1500000,0')).toEqual([0, 0]);
  });

  it('are not made of a bit error in a number: that one edge alone is missing then', () => {
    const [before, after] = [['E,899,10,0'], ['E,901,30,0', 'E,902,40,1', 'H,902,50,1']];
    for (const damaged of ['E,388,20,1', 'E,67109764,20,1', 'E,900,2147483668,1'])
      expect(lostOf(...before, damaged, ...after), damaged).toEqual([1, 0]);
    expect(lostOf(...before, 'E,900,20,1', ...after)).toEqual([0, 0]);
  });
});

describe('the time of a board', () => {
  it('goes on over the wrap of a 32-bit micros(), again and again', () => {
    const wrap = 2 ** 32;
    const lines = [
      'H,1,4294000000,0',
      'H,1,500,0',
      'H,1,2000000000,0',
      'H,1,4200000000,0',
      'H,1,900,0',
      'H,1,901,0',
    ];
    expect(timesOf(...lines).map((time) => time! - wrap)).toEqual([
      4_294_000_000 - wrap,
      500,
      2_000_000_000,
      4_200_000_000,
      wrap + 900,
      wrap + 901,
    ]);
  });

  it('does not wrap by a bit error in one line', () => {
    expect(timesOf('H,1,10,0', 'H,1,4000000000,0', 'H,1,20,0', 'E,2,30,1')).toEqual([10, 4e9, 20, 30]);
  });

  it('begins anew with the board', () => {
    expect(timesOf('H,1,4294000000,0', 'H,1,500,0', 'H,0,100,1', 'E,1,200,0').slice(2)).toEqual([100, 200]);
  });
});
