import { describe, expect, it } from 'vitest';
import { exitCodeOf, reportJson, reportLines, type Finding } from './report.ts';

const finding = (rung: Finding['rung'], result: Finding['result'], more: Partial<Finding> = {}): Finding => ({
  ...{ check: `a.check${rung}`, rung, result, title: 'A check', says: 'It is so.', took: 1, evidence: [] },
  ...more,
});

describe('what the ladder tells without a room', () => {
  it('points at the lowest rung that fails, before any that warns', () => {
    const findings = [
      finding(1, 'unknown', { explainedBy: 'a.check4' }),
      finding(2, 'warn'),
      finding(4, 'fail'),
    ];
    expect(reportJson(findings).suggested).toBe(4);
    expect(reportLines(findings, false).slice(-3)).toEqual([
      'Look at rung 4 first: Schema mismatch. It rests on:',
      '  fail     a.check4',
      '1 of 3 could not be told.',
    ]);
    expect(reportJson(findings.slice(0, 2)).suggested).toBe(2);
    expect(reportJson(findings.slice(0, 1)).suggested).toBeNull();
  });

  it('is all well only where something passed', () => {
    expect(exitCodeOf([finding(3, 'pass'), finding(4, 'unknown')])).toBe(0);
    for (const result of ['fail', 'warn', 'error'] as const)
      expect(exitCodeOf([finding(3, 'pass'), finding(4, result)])).toBe(1);
    expect(exitCodeOf([finding(3, 'unknown')])).toBe(1);
  });

  it('lets nothing that a system answered steer the terminal', () => {
    const lines = reportLines([finding(3, 'fail', { says: 'x\u001b[2J\u009b1m\r\ny' })], true);
    expect(lines).toContain('  fail     a.check3: x [2J 1m y');
    expect(lines).toContain('1  Claim');
  });
});
