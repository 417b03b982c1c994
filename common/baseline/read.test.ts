import { describe, expect, it } from 'vitest';
import { createShaper } from '../schema/index.ts';
import { sketchNames } from '../signal/statistics/index.ts';
import { mostBaselineBytes, readBaseline, writeBaseline, type Baseline } from './index.ts';

const digest = `sha256:${'a'.repeat(64)}`;

function made(document: unknown = { openapi: '3.1.0' }): Baseline {
  const shaper = createShaper();
  shaper.add({ label: 'ok' });
  return {
    kind: 'baseline',
    format: 1,
    takenAt: 1_700_000_000_000_000,
    profile: { name: 'line', digest },
    places: [
      {
        place: 'cv /detections',
        rows: 1,
        newest: { time: null, key: 7 },
        shape: shaper.shape(),
        fields: [{ field: 'label', sketch: sketchNames(['ok']) }],
        within: null,
      },
    ],
    openapi: [{ service: 'cv', digest, document: document as never }],
    fingerprints: [{ name: 'model', parts: { weights: digest } }],
    golden: [
      { name: 'known', answers: [{ id: 'a', values: { label: 'ok', box: [1, 2, 3, 4] }, latencyMs: 3 }] },
    ],
    missing: [],
  };
}

describe('a baseline', () => {
  it('is read as it was written', () => {
    expect(readBaseline(writeBaseline(made()))).toEqual(made());
    const wide = made({ maximum: 2 ** 63 });
    expect(readBaseline(writeBaseline(wide))).toEqual(wide);
  });

  it('drops what an OpenAPI document has too much, and keeps its digest', () => {
    const kept = readBaseline(writeBaseline(made({ openapi: '3.1.0', x: 'x'.repeat(mostBaselineBytes) })));
    expect(kept.openapi[0]).toEqual({ service: 'cv', digest, document: null });
  });

  it.each([
    ['no JSON', '{'],
    ['something else', '{"kind":"profile"}'],
    ['a member more', JSON.stringify({ ...made(), more: 1 })],
    ['a digest that is none', JSON.stringify({ ...made(), profile: { name: 'x', digest: 'sha256:1' } })],
    ['a bottomless one', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['too much', JSON.stringify({ ...made(), missing: ['x'.repeat(mostBaselineBytes)] })],
  ])('refuses %s', (_what, text) => {
    expect(() => readBaseline(text)).toThrow(/^This is no baseline: /);
  });
});
