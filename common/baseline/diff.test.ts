import { expect, it } from 'vitest';
import { createRowsService, healthyRow } from '../../test/fakes/rows-service.ts';
import { diffBaselines } from './index.ts';

it('two baselines of healthy days differ by nothing, and of another system by what changed', async () => {
  const service = await createRowsService();
  const day = async (seed: number, change: (row: object) => object = (row) => row) => {
    service.world.rows = [];
    service.add(400, (part) => change(healthyRow(part, seed)) as Record<string, unknown>);
    return service.take();
  };
  const before = await day(1);
  expect(diffBaselines(before, await day(2))).toEqual([]);
  service.world.document = { openapi: '3.1.0', paths: {} };
  const after = await day(3, (row) => ({ ...row, confidence: 0.5, label: 1 }));
  const told = diffBaselines(before, after).map(({ of, says }) => `${of}: ${says}`);
  expect(told).toContainEqual(expect.stringMatching(/^form: `label` is of type number/));
  expect(told).toContainEqual(expect.stringMatching(/^values: `confidence`: PSI/));
  expect(told).toContain('openapi: Its OpenAPI document is another.');
});
