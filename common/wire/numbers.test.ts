import { describe, expect, it } from 'vitest';
import { seeded } from '../../test/fakes/seeded.ts';
import { utf8 } from '../lib/bytes.ts';
import { createNumberReader } from './numbers.ts';

const reader = createNumberReader();
const [dot, comma] = [46, 44];

function whole(text: string, how: (point: number) => number, point = dot): number {
  reader.begin(utf8(text));
  const value = how(point);
  return reader.isAtEnd() ? value : NaN;
}

/** Texts of `count` numbers that are not read as Number() reads them. */
function misread(count: number, textOf: (random: () => number) => string, how: (point: number) => number) {
  const random = seeded(711);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = textOf(random);
    if (!Object.is(whole(text, how), Number(text) + 0)) texts.push(text);
  }
  return texts;
}

describe('a number from bytes', () => {
  it('is what Number() makes of it', () => {
    const counts = (random: () => number) => String(Math.floor(random() * 2 ** 24) - 2 ** 23);
    const grams = (random: () => number) => ((random() - 0.5) * 2_000).toFixed(Math.floor(random() * 6));
    const real = (random: () => number) => String((random() - 0.5) * 10 ** (random() * 600 - 300));
    expect(misread(100_000, counts, reader.integer)).toEqual([]);
    expect(misread(100_000, grams, reader.decimal)).toEqual([]);
    expect(misread(100_000, grams, reader.real)).toEqual([]);
    expect(misread(50_000, real, reader.real)).toEqual([]);
  });

  it('may have a comma for its point, where that is told', () => {
    expect(whole('-1,25', reader.decimal, comma)).toBe(-1.25);
    expect(whole('-1,25e2', reader.real, comma)).toBe(-125);
    expect(whole('-1.25', reader.real, comma)).toBeNaN();
  });

  it.each(['', '-', '.5', '5.', '--1', '1-', '1e', 'e5', '1e5.', '1e+-5', 'nan', 'Infinity', '0x10', '1 '])(
    'is none in %j',
    (text) => {
      expect(whole(text, reader.decimal)).toBeNaN();
      expect(whole(text, reader.real)).toBeNaN();
    },
  );

  it('is none when a double can not hold it, or only rounded where that is not asked for', () => {
    expect(whole('1234567890123456', reader.integer)).toBeNaN();
    expect(whole('0.1234567890123456', reader.decimal)).toBeNaN();
    expect(whole('0.1234567890123456', reader.real)).toBe(0.1234567890123456);
    expect(whole('1e999', reader.real)).toBeNaN();
    expect(whole('9'.repeat(400), reader.real)).toBeNaN();
  });
});
