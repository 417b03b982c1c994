import { expect, it } from 'vitest';
import { runAll } from '../../../../test/fakes/check-room.ts';
import { createRowsService, healthyRow } from '../../../../test/fakes/rows-service.ts';
import { openApiCheck } from './openapi.ts';

/** What the check finds when the document's text is changed so after a baseline was taken. */
async function found(change: (text: string) => string, kept = true) {
  const service = await createRowsService();
  service.add(30, (part) => healthyRow(part));
  const baseline = await service.take();
  service.world.document = JSON.parse(change(JSON.stringify(service.world.document))) as unknown;
  const [outcome] = await runAll([openApiCheck], service.profile, {
    baseline: () => (kept ? baseline : null),
  });
  return outcome!;
}

it('a document that is as it was, or changed where nobody reads, passes', async () => {
  expect(await found((text) => text)).toMatchObject({ check: 'schema.openapi cv', rung: 4, result: 'pass' });
  const more = await found((text) => text.replace('"label":', '"more":{"type":"string"},"label":'));
  expect(more).toMatchObject({ result: 'pass', says: expect.stringContaining('changed in 1 places') });
});

it.each([
  ['another type', '"confidence":{"type":"number"}', '"confidence":{"type":"string"}', 'claim labelled'],
  ['a field less', '"label":{"type":"string",', '"class":{"type":"string",', 'claim labelled'],
  ['another path', '/detections', '/v2/detections', 'the profile'],
])('a document with %s fails and says whom it strikes', async (_what, from, to, who) => {
  const outcome = await found((text) => text.replace(from, to));
  expect(outcome).toMatchObject({ result: 'fail' });
  expect(outcome.says).toContain(who);
});

it('without a baseline nothing is told, and what is no document fails', async () => {
  expect(await found((text) => text, false)).toMatchObject({ result: 'unknown' });
  expect(await found(() => '{"swagger":"2.0"}')).toMatchObject({ result: 'fail' });
});
