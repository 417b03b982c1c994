import { describe, expect, it } from 'vitest';
import type { CalibrationState } from '../contract/calibration.ts';
import { WarroomError } from '../lib/errors.ts';
import {
  calibratedExpression,
  finished,
  startCalibration,
  withoutWeight,
  withTare,
  withWeight,
  type LoadWindow,
} from './calibrate.ts';

const start = 1_795_000_000_000_000;

/** Half a second at 80 a second: 10 counts above and below `mean` in turn, whose noise is √200 counts. */
function load(
  mean: number,
  change: (v: number[], t: number[]) => void = () => {},
  unit = 'counts',
): LoadWindow {
  const t = Array.from({ length: 40 }, (_, i) => start + i * 12_500);
  const v = t.map((_, i) => mean + (i % 2 === 0 ? 10 : -10));
  change(v, t);
  return { from: start, to: start + 500_000, t, v, unit };
}
const noise = Math.sqrt(200);

const begun = (empty: number | null = null) => startCalibration('cell-a/raw', 'counts', empty);
const tared = () => withTare(begun(), load(1000));
/** Counts at each weight. */
const weighed = (...points: [number, number][]): CalibrationState =>
  points.reduce((state, [weight, counts]) => withWeight(state, load(counts), weight), tared());

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WarroomError && error.code === 'refused' && error.hint)
      return String(error.data.reason);
    throw error;
  }
  return 'nothing refused';
}

describe('the tare', () => {
  it('is the mean of a steady window, with its noise', () => {
    const { step, tare, points, fit } = tared();
    expect({ step, points, fit }).toEqual({ step: 'weights', points: [], fit: null });
    expect(tare).toEqual({
      weight: 0,
      from: start,
      to: start + 500_000,
      samples: 40,
      spikes: 0,
      mean: 1000,
      noise,
      residual: null,
    });
  });

  it('is refused under load, where it is known what empty reads', () => {
    // 20 × noise = 282.8 counts; 5 g of 400 counts a gram are 2000.
    expect(withTare(begun(800), load(1000)).tare!.mean).toBe(1000);
    expect(reasonOf(() => withTare(begun(700), load(1000)))).toBe('loaded');
    expect(withTare(begun(-1000), load(1000), -400).tare!.mean).toBe(1000);
    expect(reasonOf(() => withTare(begun(-1001), load(1000), -400))).toBe('loaded');
  });

  it('is refused while the signal steps, drifts or swings', () => {
    const step = load(1000, (v) => v.forEach((_, i) => (v[i]! += i < 20 ? 0 : 200)));
    const drift = load(1000, (v) => v.forEach((_, i) => (v[i]! += i * 4)));
    const swing = load(1000, (v) => v.forEach((_, i) => (v[i]! += 200 * Math.sin(i / 6))));
    // The ringing of a platform at 6 Hz, which dies away.
    const ringing = load(1000, (v) =>
      v.forEach((_, i) => (v[i]! += 5000 * Math.exp(-i / 10) * Math.cos((2 * Math.PI * 6 * i) / 80))),
    );
    for (const window of [step, drift, swing, ringing])
      expect(reasonOf(() => withTare(begun(), window))).toBe('unsteady');
  });

  it('leaves spikes out, and is refused where there are too many', () => {
    const spiky = (count: number) =>
      load(1000, (v) => {
        for (let i = 0; i < count; i++) v[i * 8 + 3] = 90_000;
      });
    const { tare } = withTare(begun(), spiky(4));
    // Four of the twenty low ones are gone: (20 × 1010 + 16 × 990) / 36.
    expect(tare).toMatchObject({ samples: 36, spikes: 4 });
    expect(tare!.mean).toBeCloseTo((20 * 1010 + 16 * 990) / 36, 9);
    expect(reasonOf(() => withTare(begun(), spiky(5)))).toBe('spikes');
  });

  it('takes a reading that never changes but for a spike', () => {
    const flat = load(0, (v) => v.forEach((_, i) => (v[i] = i === 7 ? 500 : 12)));
    expect(withTare(begun(), flat).tare).toMatchObject({ mean: 12, noise: 0, spikes: 1 });
  });

  it('is refused where the chip is at its end, in counts only', () => {
    const high = (unit: string) => load(1000, (v) => (v[5] = 8_388_607), unit);
    expect(reasonOf(() => withTare(begun(), high('counts')))).toBe('saturated');
    expect(withTare(begun(), high('g')).tare!.spikes).toBe(1);
    expect(
      reasonOf(() =>
        withTare(
          begun(),
          load(1000, (v) => (v[5] = -8_388_608)),
        ),
      ),
    ).toBe('saturated');
  });

  it('is refused of too few samples, or where they are missing', () => {
    const few = load(1000, (v, t) => (v.splice(15), t.splice(15)));
    const hole = load(1000, (v, t) => (v.splice(10, 12), t.splice(10, 12)));
    const late = load(1000, (v, t) => (v.splice(0, 12), t.splice(0, 12)));
    for (const window of [few, hole, late]) expect(reasonOf(() => withTare(begun(), window))).toBe('few');
  });

  it('taken again lets the weights go', () => {
    const again = withTare(weighed([100, 41_000]), load(1100));
    expect(again).toMatchObject({ step: 'weights', points: [], fit: null, tare: { mean: 1100 } });
  });
});

describe('known weights', () => {
  it('give offset and scale, exact for one', () => {
    const { fit, points, tare } = weighed([100, 41_000]);
    expect(fit).toMatchObject({ offset: 1000, scale: 400, rms: 0, worst: 0, fits: true });
    expect([tare!.residual, points[0]!.residual]).toEqual([0, 0]);
    expect(fit!.problems.map(({ code }) => code)).toEqual(['one-weight']);
  });

  it('of more give the least squares line, with what each is off', () => {
    // y − 1000 = 0, 40 020, 79 980 over 0, 100, 200: slope Σ(x − 100)(y)/Σ(x − 100)² = 79 980/200 = 399.9,
    // mean 40 000 = offset − 1000 + 39 990.
    const { fit, points, tare } = weighed([100, 41_020], [200, 80_980]);
    expect(fit!.scale).toBeCloseTo(399.9, 9);
    expect(fit!.offset).toBeCloseTo(1010, 7);
    const residuals = [tare!, ...points].map(({ residual }) => residual!);
    expect(residuals[0]).toBeCloseTo(-10 / 399.9, 9);
    expect(residuals[1]).toBeCloseTo(20 / 399.9, 9);
    expect(residuals[2]).toBeCloseTo(-10 / 399.9, 9);
    expect(fit!.rms).toBeCloseTo(Math.sqrt(600 / 3) / 399.9, 9);
    // 0.5 % of 200 g; 3 × noise would be 0.106 g.
    expect(fit!.limit).toBe(1);
    expect(fit).toMatchObject({ fits: true, problems: [] });
  });

  it('off the line are said, by their weight', () => {
    const { fit } = weighed([100, 43_400], [200, 81_000]);
    // Residuals −2, 4, −2 g of 0.5 % of 200 g.
    expect(fit!.worst).toBeCloseTo(4, 9);
    expect(fit!.fits).toBe(false);
    expect(fit!.problems[0]).toMatchObject({
      code: 'off-line',
      message: 'The line does not fit: at 100 g it is 4 g off, more than 1 g.',
    });
  });

  it('off by no more than the noise are not', () => {
    // 3 × 14.1 counts of 10 a gram are 4.24 g.
    const { fit } = weighed([100, 2040], [200, 3000]);
    expect(fit!.limit).toBeCloseTo((3 * noise) / 10, 9);
    expect(fit!.fits).toBe(true);
  });

  it('on a curve are said to bend, though each is near the line', () => {
    // y = 400 x + 0.04 x (x − 300) over 0, 100, 200, 300: the chord is 900 counts from the middle, 2.25 g; residuals are
    // at most 1 g of the 1.5 that 300 g allow.
    const counts = (x: number) => 1000 + 400 * x + 0.04 * x * (x - 300);
    const { fit } = weighed([100, counts(100)], [200, counts(200)], [300, counts(300)]);
    expect(fit!.worst).toBeCloseTo(1, 9);
    expect(fit!.limit).toBe(1.5);
    expect(fit!.fits).toBe(false);
    expect(fit!.problems.map(({ code }) => code)).toEqual(['bent']);
    expect(fit!.problems[0]!.message).toContain('bend by 2.25 g');
  });

  it('that pull the reading down are inverted, and fit', () => {
    const { fit } = weighed([100, -39_000], [200, -79_000]);
    expect(fit).toMatchObject({ offset: 1000, scale: -400, fits: true });
    expect(fit!.problems.map(({ code }) => code)).toEqual(['inverted']);
  });

  it('are refused without tare, of 0 g, and where the reading stays', () => {
    expect(reasonOf(() => withWeight(begun(), load(41_000), 100))).toBe('no-tare');
    expect(reasonOf(() => weighed([0, 41_000]))).toBe('no-weight');
    expect(reasonOf(() => weighed([100, 1000 + Math.floor(5 * noise)]))).toBe('no-change');
    expect(weighed([100, 1000 + Math.ceil(5 * noise)]).points).toHaveLength(1);
  });

  it('can be dropped', () => {
    const state = weighed([100, 41_000], [200, 90_000]);
    expect(withoutWeight(state, 1).fit).toMatchObject({ scale: 400, fits: true });
    const none = withoutWeight(withoutWeight(state, 1), 0);
    expect(none).toMatchObject({ points: [], fit: null, tare: { residual: null } });
    expect(reasonOf(() => withoutWeight(state, 2))).toBe('no-weight');
  });
});

describe('the end', () => {
  it('needs a line that fits, or a person who wants it anyway', () => {
    expect(reasonOf(() => finished(tared(), false))).toBe('no-weight');
    expect(finished(weighed([100, 41_000]), false).step).toBe('done');
    const off = weighed([100, 43_400], [200, 81_000]);
    expect(reasonOf(() => finished(off, false))).toBe('no-fit');
    expect(finished(off, true).step).toBe('done');
  });

  it('takes nothing after it', () => {
    const done = finished(weighed([100, 41_000]), false);
    expect(reasonOf(() => withTare(done, load(1000)))).toBe('not-started');
    expect(reasonOf(() => finished(done, true))).toBe('not-started');
  });

  it('gives an expression with signs that are read back', () => {
    expect(calibratedExpression('a/raw', -84_213.5, 428.6)).toBe('([a/raw] - (-84213.5)) / 428.6');
    expect(calibratedExpression('a/raw', 10, -0.5)).toBe('([a/raw] - 10) / (-0.5)');
  });
});
