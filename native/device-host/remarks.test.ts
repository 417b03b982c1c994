import { expect, it } from 'vitest';
import { createRemarks } from './remarks.ts';

it('tells a text once a minute, and at most sixteen at once', () => {
  const remarks = createRemarks();
  const texts = (now: number) => remarks.take(now).map(({ text }) => text);
  for (let i = 0; i < 3; i++) remarks.add('HX711 not found.', 'error');
  expect(remarks.take(5)).toEqual([{ at: 5, text: 'HX711 not found.', severity: 'error' }]);
  remarks.add('HX711 not found.', 'error');
  remarks.add('Tare complete', 'info');
  expect(texts(1_000_000)).toEqual(['Tare complete']);
  remarks.add('HX711 not found.', 'error');
  expect(texts(60_000_005)).toEqual(['HX711 not found.']);
  for (let i = 0; i < 1_000; i++) remarks.add(`text ${i}`, 'info');
  expect(texts(60_000_006)).toHaveLength(16);
  expect(texts(60_000_007)).toEqual([]);
});
