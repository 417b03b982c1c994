import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runAll } from '../../../../test/fakes/check-room.ts';
import { createRowsService, healthyRow, type Row } from '../../../../test/fakes/rows-service.ts';
import { fingerprintCheck } from './fingerprint.ts';

/** A model of a file, a name that its service tells, and a command. */
async function model(name = () => 'rtdetr-s') {
  const folder = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const weights = join(folder, 'weights.onnx');
  writeFileSync(weights, 'one');
  const service = await createRowsService(
    `fingerprints:
  - name: vision
    parts:
      weights: { read: { by: file, path: '${weights}' } }
      prompt: { read: { by: file, path: '${weights}', pattern: '(?<value>[a-z])' } }
      name: { read: { by: http, service: cv, path: /health, field: model }, expected: rtdetr-s }
      runtime: { read: { by: command, run: ['touch', '${folder}/ran'] } }
`,
    { '/health': () => ({ model: name() }) },
  );
  service.add(400, (part) => healthyRow(part));
  const baseline = await service.take();
  service.add(300, (part) => healthyRow(part, 2));
  const run = async (kept = true) => {
    const [outcome] = await runAll([fingerprintCheck], service.profile, {
      baseline: () => (kept ? baseline : null),
    });
    return outcome!;
  };
  return { run, weights, service };
}

describe('what a model is made of', () => {
  it('passes unchanged, and runs no command', async () => {
    const { run } = await model();
    const outcome = await run();
    expect(outcome).toMatchObject({ check: 'model.fingerprint vision', rung: 5, result: 'pass' });
    expect(outcome.says).toContain('3 of 4 parts are as they were (weights, prompt, name)');
    expect(outcome.says).toContain('none is run before a person agrees to it');
  });

  it('fails by the part that changed', async () => {
    const { run, weights } = await model();
    writeFileSync(weights, 'one xx');
    const outcome = await run();
    expect(outcome).toMatchObject({ result: 'fail' });
    expect(outcome.says).toContain('weights is another than in the baseline');
    expect(outcome.says).toContain('prompt is another');
  });

  it('fails by what the profile expects, without a baseline too', async () => {
    let name = 'rtdetr-s';
    const { run } = await model(() => name);
    expect(await run(false)).toMatchObject({ says: expect.stringContaining('1 of 4 parts') });
    name = 'rtdetr-l';
    expect(await run(false)).toMatchObject({
      result: 'fail',
      says: expect.stringContaining('name is "rtdetr-l", where "rtdetr-s" is expected'),
    });
  });

  it('warns where it is unchanged and the answers moved all the same', async () => {
    const { run, service } = await model();
    service.add(600, (part): Row => ({ ...healthyRow(part, 3), confidence: 0.5 }));
    const outcome = await run();
    expect(outcome).toMatchObject({ result: 'warn' });
    expect(outcome.says).toContain('confidence of cv /detections');
  });
});
