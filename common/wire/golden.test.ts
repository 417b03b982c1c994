import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen } from '../../test/fakes/readings.ts';
import { fromHex, utf8 } from '../lib/bytes.ts';
import { dialectNames, dialectOf } from './index.ts';
import type { DialectOptions } from './types.ts';

/**
 * A line of a golden file: either the options that those after it are read with, by a new parser; or a line (or the bytes
 * of one in hex) and what it gives, moment by moment ("@" is the device's own time in microseconds), what it says, or that
 * it is refused.
 */
interface Golden {
  options?: DialectOptions;
  line?: string;
  hex?: string;
  gives?: Record<string, number>[];
  says?: [string, string][];
  refused?: true;
}

const goldenOf = (name: string): Golden[] =>
  readFileSync(join(import.meta.dirname, 'golden', `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Golden);

describe.each(dialectNames)('%s', (name) => {
  let dialect = dialectOf(name);
  const seen = { taken: 0, refused: 0 };

  for (const { options, line, hex, gives = [], says = [], refused = false } of goldenOf(name)) {
    const shown = `${line ?? hex ?? `with ${JSON.stringify(options)}`}`.slice(0, 70);
    it(`${refused ? 'refuses' : 'reads'} ${JSON.stringify(shown)}`, () => {
      if (options) return void (dialect = dialectOf(name, options));
      const said = listen(dialect, hex === undefined ? utf8(line ?? '') : fromHex(hex));
      seen[said ? 'taken' : 'refused']++;
      if (refused) return expect(said).toBeNull();
      expect(said?.moments).toEqual(gives);
      expect(said?.remarks.map(({ text, severity }) => [text, severity])).toEqual(says);
    });
  }

  it('is found by its name, and its file has lines of both kinds', () => {
    expect(dialect.name).toBe(name);
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(0);
  });
});
