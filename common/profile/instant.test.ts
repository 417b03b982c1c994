import { describe, expect, it } from 'vitest';
import { instantOf } from './instant.ts';

const noon = Date.UTC(2025, 4, 1, 12) * 1000;

describe('an instant', () => {
  it.each([
    ['2025-05-01T12:00:00Z', noon],
    ['2025-05-01T12:00:00.5Z', noon + 500_000],
    ['2025-05-01T12:00:00.123456789Z', noon + 123_456],
    ['2025-05-01T14:00:00+02:00', noon],
    ['2025-05-01 14:00:00.25+02', noon + 250_000],
    ['2025-05-01T07:30:00-0430', noon],
    // Without a zone: UTC, as databases and Python print it.
    ['2025-05-01T12:00:00', noon],
    ['2025-05-01', null],
    ['2025-13-01T12:00:00Z', null],
    ['yesterday', null],
    [1_746_100_800, null],
  ])('%s as text is %s', (text, at) => expect(instantOf(text, 'iso-8601')).toBe(at));

  it('as a number is what its epoch says, and never guessed by its size', () => {
    const seconds = noon / 1e6;
    expect(instantOf(seconds, 'seconds')).toBe(noon);
    expect(instantOf(seconds + 0.25, 'seconds')).toBe(noon + 250_000);
    expect(instantOf(seconds * 1e3, 'milliseconds')).toBe(noon);
    expect(instantOf(noon, 'microseconds')).toBe(noon);
    expect(instantOf(noon * 1e3, 'nanoseconds')).toBe(noon);
    expect(instantOf(String(seconds), 'seconds')).toBe(noon);
    expect(instantOf(seconds, 'milliseconds')).toBe(seconds * 1000);
  });

  it.each([null, undefined, NaN, -1, '', 'now', {}, true])('%s is none', (value) => {
    expect(instantOf(value, 'seconds')).toBeNull();
  });
});
