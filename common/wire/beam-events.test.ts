import { describe, expect, it } from 'vitest';
import { listen } from '../../test/fakes/readings.ts';
import { createBeamEvents } from './beam-events.ts';

const lostOf = (...lines: string[]) => {
  const dialect = createBeamEvents();
  for (const line of lines) listen(dialect, line);
  return [dialect.takeLost?.(), dialect.takeLost?.()];
};

describe('edges that never came', () => {
  it('are counted by the next edge or by the heartbeat, once', () => {
    expect(lostOf('E,1,10,0', 'E,2,20,1', 'E,5,50,0', 'H,6,60,1', 'E,7,70,0')).toEqual([3, 0]);
  });

  it('are none when all came', () => {
    expect(lostOf('H,4,5,1', 'E,5,10,0', 'H,5,20,0', 'E,6,30,1')).toEqual([0, 0]);
  });

  it('are not made of a restart of the board', () => {
    expect(lostOf('E,900,5000000,0', 'H,0,1000000,1', 'E,1,1500000,0')).toEqual([0, 0]);
  });
});
