import { expect, test } from 'vitest';
import { reaches, tableLines } from './table.ts';

test('a figure on its bar reaches it, one past it falls short', () => {
  expect(reaches({ value: 5, bar: { min: 5, max: 5 } })).toBe(true);
  expect(reaches({ value: 4.9, bar: { min: 5 } })).toBe(false);
  expect(reaches({ value: 5.1, bar: { max: 5 } })).toBe(false);
  expect(reaches({ value: 5, bar: undefined })).toBe(true);
  expect(reaches({ value: NaN, bar: { min: 0 } })).toBe(false);
});

test('the table says ok and short beside each bar', () => {
  const lines = tableLines([
    { bench: 'ready', metric: 'host_ready_ms', value: 812.345, unit: 'ms', bar: { max: 2500 } },
    { bench: 'ready', metric: 'memory', value: 90, unit: 'MB', bar: { max: 80 } },
    { bench: 'ready', metric: 'runs', value: 5, unit: '', bar: undefined },
  ]);
  expect(lines).toEqual([
    'bench  metric         value  unit  bar',
    'ready  host_ready_ms  812.3  ms    ≤ 2500  ok',
    'ready  memory            90  MB    ≤ 80    short',
    'ready  runs               5',
  ]);
});
