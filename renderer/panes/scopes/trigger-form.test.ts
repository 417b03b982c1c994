import { describe, expect, it } from 'vitest';
import { triggerSpec, type TriggerEvent, type TriggerSpec } from '../../../common/contract/signals.ts';
import { formOf, specOf } from './trigger-form.ts';
import { triggerText } from './trigger-text.ts';

const events: TriggerEvent[] = [
  { kind: 'edge', direction: 'falling', level: 0.5 },
  { kind: 'edge', direction: 'either', level: -3, hysteresis: 2 },
  { kind: 'level', side: 'below', level: 10, micros: 250_000 },
  { kind: 'pulse', polarity: 'low', level: 0.5, width: { is: 'longer', micros: 300_000 } },
  { kind: 'pulse', polarity: 'high', level: 0.5, width: { is: 'between', least: 1000, most: 20_000 } },
  { kind: 'dropout', of: 'samples', micros: 500_000 },
  { kind: 'dropout', of: 'edges', level: 0.5, micros: 5_000_000 },
  { kind: 'ledger', types: ['check.found', 'rung.decided'] },
];

const specFor = (on: TriggerEvent): TriggerSpec => ({
  channel: on.kind === 'ledger' ? null : 'beam/beam',
  on,
  mode: 'auto',
  action: 'keep',
  window: 2_500_000,
  before: { share: 0.25 },
  holdoff: 100_000,
});

describe('the form of a trigger', () => {
  it('gives back every kind as it was', () => {
    for (const on of events) {
      const spec = specFor(on);
      expect(specOf(formOf(spec, 'cell/raw', 0))).toEqual(spec);
      expect(triggerSpec.safeParse(spec).success).toBe(true);
    }
  });

  it('begins with what is usual', () => {
    const spec = specOf(formOf(null, 'beam/beam', 0.5));
    expect(spec).toMatchObject({
      channel: 'beam/beam',
      on: { kind: 'edge', direction: 'falling', level: 0.5 },
    });
  });

  it('says what is wrong', () => {
    const form = formOf(null, 'beam/beam', 0.5);
    expect(specOf({ ...form, level: 'x' })).toBe('The level is a number.');
    expect(specOf({ ...form, level: '0,5' })).toMatchObject({ on: { level: 0.5 } });
    expect(specOf({ ...form, kind: 'level', millis: '0' })).toMatch(/milliseconds over 0/);
    expect(specOf({ ...form, kind: 'pulse', width: 'between', millis: '9', mostMillis: '8' })).toMatch(
      /At most/,
    );
    expect(specOf({ ...form, kind: 'ledger', types: ' , ' })).toMatch(/type of entry/);
    expect(specOf({ ...form, windowSeconds: '' })).toMatch(/window/);
    expect(specOf({ ...form, beforePercent: '101' })).toMatch(/0 to 100/);
  });

  it('reads as few words', () => {
    const names = () => 'beam';
    expect(events.map((on) => triggerText(specFor(on), names))).toEqual([
      'beam ↓ 0.5 auto',
      'beam ↕ -3 auto',
      'beam below 10 for 0.3 s auto',
      'beam low pulse longer than 0.3 s auto',
      'beam high pulse 1 ms–20 ms auto',
      'beam no sample for 0.5 s auto',
      'beam no edge for 5.0 s auto',
      'entry check.found, rung.decided auto',
    ]);
  });
});
