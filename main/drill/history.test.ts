import { expect, it } from 'vitest';
import { createCellBoard } from './boards/cell-board.ts';
import { printUntil } from './boards/board.ts';
import { createHistoryWriter } from './history.ts';
import { createCellSignal } from './signal/cell-signal.ts';

const seed = 7;
const from = -600;
const board = (dialect: 'teleplot' | 'frames') =>
  createCellBoard(createCellSignal({ seed, cell: 'a', from }), { dialect, from });

it.each(['teleplot', 'frames'] as const)('takes down all that %s prints, and no byte twice', (dialect) => {
  const live = board(dialect);
  const writer = createHistoryWriter(live, 0.01);
  for (const until of [-599.5, -599.49, -598.003]) writer.writeUntil(until);
  const { bytes, ends, seconds } = writer.take();
  expect(bytes).toEqual(printUntil(board(dialect), -598.003));
  expect(ends.at(-1)).toBe(bytes.length);
  const whole = board(dialect);
  printUntil(whole, -598.003);
  expect(printUntil(live, -598)).toEqual(printUntil(whole, -598));
  expect(seconds.length).toBe(ends.length);
});

it('gives each chunk the tick at which the rig would have sent it', () => {
  const writer = createHistoryWriter(board('teleplot'), 0.01);
  writer.writeUntil(-599.015);
  writer.writeUntil(-599);
  const { bytes, ends, seconds } = writer.take();
  const again = board('teleplot');
  let [at, end] = [0, 0];
  seconds.forEach((time, i) => {
    expect(time).toBeGreaterThan(i === 0 ? from - 0.001 : at);
    [at, end] = [time, end + printUntil(again, time).length];
    expect(ends[i]).toBe(end);
  });
  expect(end).toBe(bytes.length);
  expect(seconds.length).toBeGreaterThan(60);
});
