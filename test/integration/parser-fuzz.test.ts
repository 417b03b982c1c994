import { describe, expect, it } from 'vitest';
import { dialectNames } from '../../common/wire/index.ts';
import { allVariants, fuzzVariant } from '../fakes/parser-fuzz.ts';
import { skimDialect } from '../fakes/parser-skim.ts';

/** With all options, through the reader of the device-host, which must be in step again after them. */
const linesInAll = 400_000;
/** Of each dialect, through its parser alone. */
const linesOfEach = 1_000_000;
/** What an identifier hears: it parses each line as every dialect. */
const identifiedLines = 2_000;
/** Lines of these are twenty times as long as others'. */
const isLong = (name: string) => name === 'tegrastats' || name === 'frames';
const longLines = 3_000;
const usual = allVariants.filter(({ options }) => Object.keys(options).length === 0);
const shortLines = Math.ceil(
  (linesInAll - usual.length * identifiedLines - 2 * longLines) / (allVariants.length - 2),
);

describe('damaged lines throw nothing, give nothing out of range, are accounted for to the byte', () => {
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

  it.each(dialectNames)('a million times over, when they are of %s', { timeout: 300_000 }, (name) => {
    const report = skimDialect(name, linesOfEach, 713);
    expect(report.broken).toEqual([]);
    // Frames are taken only where they were left whole, which is seldom: their checksum says so.
    expect(report.acceptedLines).toBeGreaterThan(linesOfEach / 1_000);
    expect(report.rejectedBytes).toBeGreaterThan(linesOfEach);
  });
});
