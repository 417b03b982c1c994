import { describe, expect, it } from 'vitest';
import { createBeamSignal, type BeamEvent, type BeamFault } from './beam-signal.ts';
import { beamFaultNames, severities, type BeamFaultName, type Severity } from './faults.ts';
import { createLine } from './line.ts';
import { mainsHertz } from './mains.ts';
import { uniform } from './random.ts';

const seed = 4;
const line = createLine(seed);
const fault = (name: BeamFaultName, severity: Severity, onset = 0): BeamFault[] => [
  { name, severity, onset, end: Infinity },
];
const events = (seconds: number, faults: BeamFault[] = []) =>
  createBeamSignal({ seed, faults }).until(seconds);
const edges = (all: BeamEvent[]) => all.filter(({ kind }) => kind === 'edge');
const breaks = (all: BeamEvent[]) => edges(all).filter(({ level }) => level === 0);
const passed = (from: number, to: number) => line.partsUntil(to).filter(({ at }) => at >= from);

describe('the break beam', () => {
  it('breaks with each part and holds its level in between', () => {
    const all = events(120);
    expect(breaks(all).map(({ t }) => t)).toEqual(passed(0, 120).map(({ at }) => at));
    expect(all.filter(({ kind }) => kind === 'heartbeat').map(({ t }) => t)).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
    edges(all).forEach(({ seq, level }, i) => {
      expect(seq).toBe(i + 1);
      expect(level).toBe(i % 2);
    });
  });

  it.each(beamFaultNames.flatMap((name) => severities.map((severity) => [name, severity] as const)))(
    'is the same however it is asked: %s, %s',
    (name, severity) => {
      const faults = [{ ...fault(name, severity, 10)[0]!, end: 50 }];
      const whole = createBeamSignal({ seed, faults }).until(60);
      const signal = createBeamSignal({ seed, faults });
      const pieces: BeamEvent[] = [];
      for (let t = 0, i = 0; t < 60; t += 0.2 * uniform(9, 9, i++) ** 4) pieces.push(...signal.until(t));
      pieces.push(...signal.until(60));
      expect(pieces).toEqual(whole);
      const healthy = events(60);
      const times = (all: BeamEvent[], from: number, to: number) =>
        all.filter(({ t }) => t > from && t < to).map(({ t }) => t);
      expect(times(whole, 0, 10)).toEqual(times(healthy, 0, 10));
      expect(times(whole, 51, 60)).toEqual(times(healthy, 51, 60));
    },
  );

  it('sticks at broken, for a while or for ever', () => {
    const severe = events(60, fault('beam-stuck', 'severe', 10));
    expect(edges(severe).at(-1)).toMatchObject({ level: 0, t: 10 });
    const slight = edges(events(120, fault('beam-stuck', 'slight', 10)));
    const longest = slight
      .filter(({ level }) => level === 1)
      .map(({ t, seq }) => t - slight.find((edge) => edge.seq === seq - 1)!.t)
      .filter((width) => width > 1);
    expect(longest.length).toBeGreaterThanOrEqual(11);
    expect(Math.min(...longest)).toBeGreaterThan(2.9);
  });

  it('misses every second part, four of five, all', () => {
    const share = (severity: Severity) =>
      breaks(events(300, fault('beam-blind', severity))).length / passed(0, 300).length;
    expect(share('slight')).toBeCloseTo(0.5, 1);
    expect(share('clear')).toBeCloseTo(0.2, 1);
    expect(share('severe')).toBe(0);
    const first = breaks(events(60, fault('beam-blind', 'slight', 20))).find(({ t }) => t > 20)!;
    expect(first.t).toBe(passed(20, 60)[1]!.at);
  });

  it('breaks without a part', () => {
    const parts = passed(0, 300).length;
    const extra = (severity: Severity) =>
      breaks(events(300, fault('beam-false-edges', severity))).length - parts;
    expect(extra('slight') / parts).toBeCloseTo(1, 1);
    expect(extra('clear')).toBeGreaterThan(180);
    expect(extra('severe')).toBeGreaterThan(700);
  });

  it('bounces at true edges, and ends at the true level', () => {
    const healthy = edges(events(100));
    for (const [severity, most, within] of [
      ['slight', 1, 0.003],
      ['severe', 10, 0.015],
    ] as const) {
      const all = edges(events(100, fault('beam-bounce', severity)));
      for (const { t, level } of healthy.slice(0, -1)) {
        const around = all.filter((edge) => edge.t >= t && edge.t <= t + within);
        expect(around.at(-1)!.level).toBe(level);
        expect(around.length % 2).toBe(1);
        expect(around.length).toBeGreaterThan(2);
        expect(around.length).toBeLessThanOrEqual(1 + 2 * most);
      }
    }
  });

  it('takes the flicker of lamps for parts, at twice the frequency of the mains', () => {
    const period = 1 / (2 * mainsHertz(seed).exact);
    const all = breaks(events(20, fault('beam-lamps', 'severe')));
    const intervals = all.slice(1).map(({ t }, i) => t - all[i]!.t);
    const onPace = intervals.filter((interval) => Math.abs(interval - period) < 1e-6);
    expect(onPace.length / intervals.length).toBeGreaterThan(0.95);
    expect(all.length).toBeGreaterThan(0.85 * 20 * 2 * mainsHertz(seed).nominal);
  });

  it('is silent and counts on', () => {
    const all = events(60, [{ ...fault('quiet', 'severe', 10)[0]!, end: 40 }]);
    expect(all.some(({ t }) => t > 10 && t < 40)).toBe(false);
    expect(all.at(-1)!.seq).toBe(edges(events(60)).length);
  });
});
