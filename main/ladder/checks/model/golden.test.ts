import { describe, expect, it } from 'vitest';
import { runAll } from '../../../../test/fakes/check-room.ts';
import { createRowsService } from '../../../../test/fakes/rows-service.ts';
import { goldenCheck } from './golden.ts';
import { fits } from './golden-fit.ts';

const yaml = `golden:
  - name: known
    service: cv
    path: /golden/{id}
    ids: [one, two]
    repeats: 4
    fields:
      - { field: label, compare: exact }
      - { field: confidence, compare: near, tolerance: 0.03 }
      - { field: box, compare: box, form: size, overlap: 0.9 }
`;
const well = { label: 'ok', confidence: 0.9, box: [10, 10, 100, 100] };

/** What the check finds when questions are answered so, with a baseline of well answers or with none. */
async function found(answer: (count: number, path: string) => unknown, kept = true) {
  let count = 0;
  let isAfter = false;
  const service = await createRowsService(yaml, {
    '/golden/': (path) => (isAfter ? answer(count++, path) : well),
  });
  const baseline = kept ? await service.take(true) : null;
  isAfter = true;
  const [outcome] = await runAll([goldenCheck], service.profile, { baseline: () => baseline });
  return outcome!;
}

describe('known questions', () => {
  it('that are answered as they were pass', async () => {
    const outcome = await found((count) => ({
      label: 'ok',
      confidence: 0.9 + (count % 3) * 0.01,
      box: [11, 10, 100, 101],
    }));
    expect(outcome).toMatchObject({ check: 'model.golden known', rung: 5, result: 'pass' });
    expect(goldenCheck.effect).toBe('load');
  });

  it.each([
    ['another label', { ...well, label: 'dent' }, 'one `label` was "ok" and is "dent" in 4 of 4'],
    ['less confidence', { ...well, confidence: 0.8 }, '`confidence` was 0.9 and is 0.8'],
    ['another box', { ...well, box: [30, 10, 100, 100] }, '`box` was [10,10,100,100]'],
    ['no label', { ...well, label: undefined }, '`label` was "ok" and is missing'],
  ])('that are answered with %s fail', async (_what, answer, says) => {
    const outcome = await found(() => answer);
    expect(outcome).toMatchObject({ result: 'fail' });
    expect(outcome.says).toContain(says);
    expect(outcome.says).toContain('2 of 2 questions');
  });

  it('of which one changed say so', async () => {
    const outcome = await found((_count, path) => (path.endsWith('two') ? { ...well, label: 'dent' } : well));
    expect(outcome.says).toContain('1 of 2 questions');
  });

  it('that are answered otherwise each time are not called changed', async () => {
    const outcome = await found((count) => (count % 4 === 1 ? { ...well, label: 'dent' } : well));
    expect(outcome).toMatchObject({ result: 'warn' });
    expect(outcome.says).toContain('not answered the same each time');
  });

  it('are unknown where nothing says what is right, or nobody answers', async () => {
    expect(await found(() => well, false)).toMatchObject({ result: 'unknown' });
    expect(await found(() => undefined)).toMatchObject({
      result: 'unknown',
      explainedBy: 'tools.service cv',
    });
  });
});

it('values fit within what is allowed', () => {
  const near = { field: 'x', compare: 'near', tolerance: 0.1 } as const;
  expect(fits(near, 0.2, 0.3)).toBe(true);
  expect(fits(near, [1, 2], [1.05, 2.2])).toBe(false);
  expect(fits(near, 'a', 'a')).toBe(false);
  const box = { field: 'b', compare: 'box', form: 'corners', overlap: 0.5 } as const;
  expect(fits(box, [0, 0, 2, 2], [0, 0, 2, 1])).toBe(true);
  expect(fits(box, [0, 0, 2, 2], [1, 1, 3, 3])).toBe(false);
  expect(fits(box, [[0, 0, 2, 2]], [[0, 0, 2, 2]])).toBe(true);
  expect(fits(box, [0, 0, 2, 2], 'gone')).toBe(false);
});
