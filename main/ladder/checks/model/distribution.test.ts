import { describe, expect, it } from 'vitest';
import { runAll } from '../../../../test/fakes/check-room.ts';
import { createRowsService, healthyRow, type Row } from '../../../../test/fakes/rows-service.ts';
import { distributionCheck } from './distribution.ts';

async function found(make: (part: number) => Row, { now = 400, golden = '' } = {}) {
  const service = await createRowsService(golden);
  service.add(600, (part) => healthyRow(part));
  const baseline = await service.take();
  service.add(now, make);
  const [outcome] = await runAll([distributionCheck], service.profile, { baseline: () => baseline });
  return outcome!;
}
const other = (change: (row: Row) => Row) => (part: number) => change(healthyRow(part, 2));
/** Rows as they are where so many more parts are dented: only the mix is another. */
const moreDents = (part: number): Row => {
  for (let seed = 100; part % 2 === 0; seed++) {
    const row = healthyRow(part, seed);
    if (row.label === 'dent') return row;
  }
  return healthyRow(part, 2);
};
const golden = `golden:
  - { name: known, service: cv, path: '/golden/{id}', ids: [a], fields: [{ field: label, compare: exact }] }
`;

describe('what a model answers', () => {
  it.each([2, 3, 4, 5, 6])('passes on a healthy day (%i)', async (seed) => {
    const outcome = await found((part) => healthyRow(part, seed));
    expect(outcome).toMatchObject({ check: 'model.distribution cv /detections', rung: 5, result: 'pass' });
  });

  it.each([
    [
      'less sure',
      other((row) => ({ ...row, confidence: Number(row.confidence) - 0.06 })),
      '`confidence` fell',
    ],
    ['slower', other((row) => ({ ...row, latency_ms: Number(row.latency_ms) + 6 })), '`latency_ms` rose'],
    [
      'less sure, and of another mix',
      (part: number) => ({ ...moreDents(part), confidence: Number(healthyRow(part, 3).confidence) - 0.1 }),
      '`confidence` fell',
    ],
    ['another mix of the same weight', moreDents, '`label`: '],
  ] satisfies [string, (part: number) => Row, string][])('that is %s fails', async (_what, make, says) => {
    const outcome = await found(make);
    expect(outcome).toMatchObject({ result: 'fail' });
    expect(outcome.says).toContain(says);
    expect(outcome.next).not.toBe('');
    expect(outcome.evidence!.map(({ name }) => name)).toEqual(['cv-detections-distribution.json']);
  });

  it('of another mix warns where golden answers or other parts may explain it', async () => {
    expect(await found(moreDents, { golden })).toMatchObject({ result: 'warn' });
    const heavier = await found((part) => ({
      ...moreDents(part),
      grams: Number(healthyRow(part, 4).grams) + 9,
    }));
    expect(heavier).toMatchObject({ result: 'warn' });
    expect(heavier.says).toContain('The parts themselves are others: `grams` rose');
  });

  it('that is faster, or of heavier parts, passes with a note', async () => {
    const outcome = await found(
      other((row) => ({ ...row, latency_ms: Number(row.latency_ms) - 6, grams: Number(row.grams) + 9 })),
    );
    expect(outcome.result).toBe('pass');
    expect(outcome.says).toMatch(/Noted: .*`grams` rose.*`latency_ms` fell/);
  });

  it('of too few rows, without a baseline, or of another form is unknown', async () => {
    const few = await found((part) => healthyRow(part, 2), { now: 87 });
    expect(few).toMatchObject({ result: 'unknown', says: expect.stringContaining('87 of 200 rows') });
    const form = await found(other((row) => ({ ...row, confidence: Number(row.confidence) * 100 })));
    expect(form).toMatchObject({ result: 'unknown', explainedBy: 'schema.payload cv /detections' });
    const service = await createRowsService();
    service.add(300, (part) => healthyRow(part));
    const [none] = await runAll([distributionCheck], service.profile);
    expect(none).toMatchObject({ result: 'unknown', says: expect.stringContaining('no baseline') });
    service.world.isDown = true;
    const [down] = await runAll([distributionCheck], service.profile);
    expect(down).toMatchObject({ result: 'unknown', explainedBy: 'tools.service cv' });
  });
});
