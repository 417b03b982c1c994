import { expect, test } from 'vitest';
import {
  cursorText,
  cursorTime,
  deltaText,
  frequencyText,
  spanText,
  type CursorReading,
} from './cursor-text.ts';

const weight = { id: 'cell/weight', kind: 'linear' } as const;
const beam = { id: 'beam/beam', kind: 'step' } as const;
const at = 1_795_000_000_000_000;

function readingOf(
  v: number | null,
  change: Partial<CursorReading> & { isHeld?: boolean } = {},
): CursorReading {
  const { isHeld = true, ...rest } = change;
  return { at, exact: { channel: 'x', t: at - 3_400_000, v, isHeld }, extent: null, ...rest };
}

test('the sample that counts is told as it is; a level by its word', () => {
  expect(cursorText(weight, readingOf(312.41))).toBe('312.4');
  expect(cursorText(beam, readingOf(0))).toBe('broken');
  expect(cursorText({ id: 'cv/up', kind: 'step' }, readingOf(1))).toBe('up');
  expect(cursorText(beam, readingOf(0.5))).toBe('0.5');
});

test('a value over which data is missing says how old it is', () => {
  expect(cursorText(weight, readingOf(5, { isHeld: false }))).toBe('5, 3 s before');
  expect(cursorText(weight, readingOf(null))).toBe('no number');
  const nothing = { channel: 'x', t: null, v: null, isHeld: false };
  expect(cursorText(weight, readingOf(1, { exact: nothing }))).toBe('nothing before');
});

test('until the sample is known only the extent is told, as an extent', () => {
  expect(cursorText(weight, readingOf(1, { exact: null, extent: { min: 1, max: 2.5 } }))).toBe('1 … 2.5');
  expect(cursorText(weight, readingOf(1, { exact: null, extent: { min: 2, max: 2 } }))).toBe('2');
  expect(cursorText(beam, readingOf(1, { exact: null, extent: { min: 0, max: 1 } }))).toBe('broken … free');
  expect(cursorText(weight, readingOf(1, { exact: null }))).toBe('…');
});

test('a difference is of two known samples, B minus A', () => {
  expect(deltaText(weight, readingOf(10), readingOf(7.5))).toBe('−2.5');
  expect(deltaText(weight, readingOf(7.5), readingOf(10))).toBe('+2.5');
  expect(deltaText(weight, readingOf(7.5), readingOf(10, { isHeld: false }))).toBeNull();
  expect(
    deltaText(weight, readingOf(7.5), readingOf(10, { exact: null, extent: { min: 1, max: 1 } })),
  ).toBeNull();
  expect(deltaText(beam, readingOf(0), readingOf(1))).toBeNull();
});

test('spans and their frequencies have as many digits as they bear', () => {
  expect([12, 1250, -1250, 250_000, 1_234_500].map(spanText)).toEqual([
    '12 µs',
    '1.25 ms',
    '−1.25 ms',
    '250 ms',
    '1.2345 s',
  ]);
  expect([0, 250_000, -250_000, 12_345, 1000.04, 20].map(frequencyText)).toEqual([
    null,
    '4 Hz',
    '4 Hz',
    '81 Hz',
    '1000 Hz',
    '50 kHz',
  ]);
});

test('a time has microseconds where the axis is that fine', () => {
  const morning = Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000 + 9;
  expect(cursorTime(morning, 20_000)).toBe('03:04:05.678');
  expect(cursorTime(morning, 20)).toBe('03:04:05.678009');
});
