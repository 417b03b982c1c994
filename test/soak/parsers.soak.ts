import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { dialectNames } from '../../common/wire/index.ts';
import { allVariants, fuzzVariant } from '../fakes/parser-fuzz.ts';
import { skimDialect } from '../fakes/parser-skim.ts';

const linesInAll = 10_000_000;
const linesPerRun = 10_000;
const mostGrowth = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it('ten million damaged lines of all dialects, each run of another seed, break nothing and leave nothing behind', () => {
  const broken: string[] = [];
  const runs = linesInAll / linesPerRun;
  let before = 0;
  for (let run = 0; run < runs; run++) {
    const variant = allVariants[run % allVariants.length]!;
    const report = fuzzVariant(variant, linesPerRun, 1_000 + run, run % 10 === 0);
    broken.push(
      ...report.broken.map((rule) => `${rule} (${JSON.stringify(variant.options)}, seed ${1_000 + run})`),
    );
    if (run === allVariants.length) before = heapUsed();
  }
  expect(broken).toEqual([]);
  expect(heapUsed() - before).toBeLessThan(mostGrowth);
});

it.each(dialectNames)('ten million damaged lines of %s break nothing and leave nothing behind', (name) => {
  skimDialect(name, 100_000, 1);
  const before = heapUsed();
  expect(skimDialect(name, 10_000_000, 714).broken).toEqual([]);
  expect(heapUsed() - before).toBeLessThan(mostGrowth);
});
