import { describe, expect, it } from 'vitest';
import { createLine } from './line.ts';
import { sensorFaults } from './sensor-faults.ts';

const cases = sensorFaults.flatMap((fault) =>
  fault.severities.flatMap((severity) => fault.targets.map((target) => ({ fault, severity, target }))),
);

describe('the list of faults', () => {
  it.each(cases.map((each) => [each.fault.name, each.severity, each.target, each] as const))(
    'shows %s, %s, on %s within seconds of its beginning, and not before',
    (_name, _severity, _target, { fault, severity, target }) => {
      for (const onset of [30, 31.3]) {
        const first = fault.firstVisible(6, onset, { severity, target });
        expect(first).toBeGreaterThanOrEqual(onset);
        // At the latest with the part after the next.
        expect(first).toBeLessThan(onset + 4);
      }
    },
  );

  it('shows a blind beam with the next part, and mains never at 10 a second', () => {
    const fault = (name: string) => sensorFaults.find((each) => each.name === name)!;
    const next = createLine(6)
      .partsUntil(60)
      .find(({ at }) => at > 30)!;
    expect(fault('beam-blind').firstVisible(6, 30, { severity: 'slight' })).toBe(next.at);
    expect(fault('mains').firstVisible(6, 30, { severity: 'severe', rate: 10 })).toBeNull();
  });
});
