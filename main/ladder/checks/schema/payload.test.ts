import { describe, expect, it } from 'vitest';
import { runAll } from '../../../../test/fakes/check-room.ts';
import { createRowsService, healthyRow, type Row } from '../../../../test/fakes/rows-service.ts';
import { payloadCheck } from './payload.ts';

const healthy = (part: number) => healthyRow(part);

/** What the check finds when `after` so many rows come changed, with a baseline of healthy ones. */
async function found(make: (row: Row) => Row, after = 300, before = 400) {
  const service = await createRowsService();
  service.add(before, healthy);
  const baseline = await service.take();
  expect(baseline.missing).toEqual([]);
  service.add(after, (part) => make(healthyRow(part, 2)));
  const [outcome] = await runAll([payloadCheck], service.profile, { baseline: () => baseline });
  return outcome!;
}

/** A path that answers one state, as a fingerprint does. */
const single = {
  path: '/state',
  rows: undefined,
  key: undefined,
  time: undefined,
  since: undefined,
  limit: undefined,
  fields: [],
  invariants: [],
};

describe('the form of rows', () => {
  it('that did not change passes, on several days', async () => {
    for (const seed of [2, 3, 4]) {
      const service = await createRowsService();
      service.add(400, healthy);
      const baseline = await service.take();
      service.add(300, (part) => healthyRow(part, seed));
      const [outcome] = await runAll([payloadCheck], service.profile, { baseline: () => baseline });
      expect(outcome).toMatchObject({ check: 'schema.payload cv /detections', rung: 4, result: 'pass' });
      expect(outcome!.says).toContain('300 rows since the baseline');
    }
  });

  it.each([
    [
      'a field renamed',
      ({ label, ...row }) => ({ ...row, class: label }),
      '`label` is gone',
      'claim labelled',
    ],
    [
      'a number as text',
      (row) => ({ ...row, confidence: String(row.confidence) }),
      'type string',
      'claim labelled',
    ],
    [
      'per cent for a share',
      (row) => ({ ...row, confidence: Number(row.confidence) * 100 }),
      'per cent',
      'claim labelled',
    ],
    [
      'seconds for milliseconds',
      (row) => ({ ...row, latency_ms: Number(row.latency_ms) / 1000 }),
      '1000',
      'the profile',
    ],
    ['no zone', (row) => ({ ...row, at: String(row.at).slice(0, -1) }), 'time zone', 'the profile'],
    [
      'nulls',
      (row) => ({ ...row, confidence: Number(row.part) % 2 ? null : row.confidence }),
      'null',
      'claim labelled',
    ],
    ['other names', (row) => ({ ...row, label: String(row.label).toUpperCase() }), 'OK', 'claim labelled'],
    [
      'corners for a size',
      ({ box, ...row }) => ({ ...row, box: (box as number[]).slice(0, 3) }),
      'count(box) = 4',
      'an invariant',
    ],
  ] satisfies [string, (row: Row) => Row, string, string][])(
    'that has %s fails, and says whom it strikes',
    async (_what, make, says, who) => {
      const outcome = await found(make);
      expect(outcome).toMatchObject({ result: 'fail' });
      expect(outcome.says).toContain(says);
      expect(outcome.says).toContain(who);
      expect(outcome.evidence!.map(({ name }) => name)).toEqual([
        'cv-detections.txt',
        'cv-detections-form.json',
      ]);
    },
  );

  it('with a field more passes, and what nobody reads only warns', async () => {
    expect(await found((row) => ({ ...row, more: 1 }))).toMatchObject({ result: 'pass' });
    const service = await createRowsService();
    service.add(400, (part) => ({ ...healthyRow(part), host: 'a' }));
    const baseline = await service.take();
    service.add(300, (part) => healthyRow(part, 2));
    const [outcome] = await runAll([payloadCheck], service.profile, { baseline: () => baseline });
    expect(outcome).toMatchObject({ result: 'warn' });
    expect(outcome!.says).toContain('`host` is gone');
  });

  it('that changed a while after the baseline is told by the newest rows', async () => {
    // Of a hundred and fifty rows thirty are healthy: the median is of neither unit alone.
    const outcome = await found(
      (row) => (Number(row.part) < 430 ? row : { ...row, grams: Number(row.grams) / 1000 }),
      150,
    );
    expect(outcome).toMatchObject({ result: 'fail', says: expect.stringContaining('a factor of 1000') });
  });

  it('of one state that is asked for again has no set of values', async () => {
    let state = { weights: 'a1', labels: 4 };
    const service = await createRowsService('', { '/state': () => state });
    service.profile.services[0]!.paths.push({ ...service.profile.services[0]!.paths[0]!, ...single });
    service.add(50, healthy);
    const baseline = await service.take();
    const run = async () => {
      const outcomes = await runAll([payloadCheck], service.profile, { baseline: () => baseline });
      return outcomes.find(({ check }) => check.endsWith('/state'))!;
    };
    state = { weights: 'b2', labels: 4 };
    expect(await run()).toMatchObject({ result: 'pass' });
    state = { labels: 4 } as typeof state;
    expect(await run()).toMatchObject({ result: 'fail', says: expect.stringContaining('`weights` is gone') });
  });

  it('of too few rows is unknown', async () => {
    const outcome = await found((row) => row, 7);
    expect(outcome).toMatchObject({ result: 'unknown' });
    expect(outcome.says).toContain('7 of 20 since then');
    // What its own document says can be told of a few rows.
    expect(await found(({ label: _, ...row }) => row, 7)).toMatchObject({ result: 'fail' });
  });

  it('whose list lies elsewhere fails; that is not answered is for rung 3', async () => {
    const service = await createRowsService();
    service.add(50, healthy);
    const baseline = await service.take();
    service.world.list = 'results';
    const run = async () => (await runAll([payloadCheck], service.profile, { baseline: () => baseline }))[0];
    expect(await run()).toMatchObject({ result: 'fail', says: expect.stringContaining('claim labelled') });
    service.world.isDown = true;
    expect(await run()).toMatchObject({ result: 'unknown', explainedBy: 'tools.service cv' });
  });

  it('without a baseline is held against the document and the profile, else unknown', async () => {
    const service = await createRowsService();
    service.add(50, healthy);
    const run = async () => (await runAll([payloadCheck], service.profile))[0]!;
    const well = await run();
    expect(well.result).toBe('unknown');
    expect(well.says).toMatch(/no baseline.*fit 1 invariants and the service's own OpenAPI document/);
    service.world.rows = service.world.rows.map(({ label: _, ...row }) => row);
    expect(await run()).toMatchObject({
      result: 'fail',
      says: expect.stringContaining('`label` is missing'),
    });
    service.world.rows = Array.from({ length: 50 }, (_, part) => ({ ...healthyRow(part), at: part * 1e9 }));
    expect((await run()).says).toContain('`at` is no instant in iso-8601');
    service.world.rows = Array.from({ length: 50 }, (_, part) => ({ ...healthyRow(part), grams: '310 g' }));
    expect((await run()).says).toContain('`grams` is no number of g');
  });
});
