/** The bench of the ladder in short, one after another: a fault each of rungs 1, 3 and 4, and a rig that is well. */
import { expect, it } from 'vitest';
import { faultCases, healthyCases } from './cases.ts';
import { diagnoseAll } from './pool.ts';
import { confusionLines, score, type Judged } from './score.ts';

const seed = 41;
const names = ['parts-skipped', 'disk-full', 'kilograms'];
const some = faultCases([seed]).filter(({ name }) => names.includes(name));

it('each is found on its rung, a rig that is well passes everything, and every finding opens its evidence', async () => {
  const judged = await diagnoseAll([...some, ...healthyCases([seed])], 1);
  expect(judged).toHaveLength(names.length + 1);
  expect(score(judged)).toMatchObject({
    right: 1,
    healthy: { fail: 0, warnRatio: 0, untold: 0 },
    unopened: 0,
    says: [],
  });
  const well = judged.find(({ one }) => one.rung === null)!.diagnosis;
  expect(new Set(well.findings.map(({ rung }) => rung))).toEqual(new Set([1, 3, 4, 5]));
}, 300_000);

it('there are five faults or more for each rung that the rig’s services have, at other targets with other seeds', () => {
  const cases = faultCases([1, 2, 3]);
  for (const rung of [1, 3, 4, 5])
    expect(
      new Set(cases.filter((one) => one.rung === rung).map(({ name }) => name)).size,
    ).toBeGreaterThanOrEqual(5);
  expect(cases.length % 3).toBe(0);
});

it('a wrong rung, a healthy rig that is not well by a check, and evidence that does not open are counted and told', () => {
  const finding = (result: 'pass' | 'fail' | 'warn' | 'unknown') => ({
    check: 'a',
    rung: 1 as const,
    result,
    says: 's',
  });
  const made = (
    rung: 1 | 3 | null,
    suggested: 1 | 3 | null,
    results: Parameters<typeof finding>[0][],
  ): Judged => ({
    one: { name: rung === null ? 'healthy' : 'x', seed: 1, rung },
    diagnosis: {
      suggested,
      findings: results.map(finding),
      took: suggested ?? 2,
      unopened: suggested === 1 ? ['a'] : [],
    },
  });
  const judged = [
    made(3, 3, ['fail']),
    made(3, 1, ['fail']),
    made(null, null, ['pass', 'warn', 'unknown', 'fail']),
  ];
  expect(score(judged)).toMatchObject({
    ...{ faults: 1, right: 0.5, ladder95: 3, unopened: 1 },
    healthy: { fail: 1, warnRatio: 0.25, untold: 1 },
  });
  expect(score(judged).says).toHaveLength(5);
  expect(confusionLines(judged)[3]!.trim()).toMatch(/^rung 3 +1 +0 +1 +0 +0 +0$/);
});
