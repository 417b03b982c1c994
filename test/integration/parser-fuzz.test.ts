import { describe, expect, it } from 'vitest';
import { allVariants, fuzzVariant } from '../fakes/parser-fuzz.ts';

const linesInAll = 1_000_000;
/** What an identifier hears: it parses each line as every dialect. */
const identifiedLines = 4_000;
/** Lines of these are twenty times as long as others'. */
const isLong = (name: string) => name === 'tegrastats' || name === 'frames';
const longLines = 6_000;
const usual = allVariants.filter(({ options }) => Object.keys(options).length === 0);
const shortLines = Math.ceil(
  (linesInAll - usual.length * identifiedLines - 2 * longLines) / (allVariants.length - 2),
);

describe('damaged lines, a million in all, throw nothing, give nothing out of range, are accounted for to the byte', () => {
  it.each(allVariants)('when they are of $name $options', { timeout: 60_000 }, ({ name, options }) => {
    const lines = isLong(name) ? longLines : shortLines;
    const report = fuzzVariant({ name, options }, lines, 711, false);
    expect(report.broken).toEqual([]);
    // Both ways are taken often enough to say something.
    expect(report.acceptedLines).toBeGreaterThan(lines / 25);
    expect(report.rejectedBytes).toBeGreaterThan(lines);
  });

  it.each(usual)('and tell an identifier nothing impossible: $name', { timeout: 60_000 }, (variant) => {
    expect(fuzzVariant(variant, identifiedLines, 712, true).broken).toEqual([]);
  });
});
