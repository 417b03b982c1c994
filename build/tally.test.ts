import { describe, expect, test } from 'vitest';
import { readTally, summaryLine, tallyPlaywright, tallyVitest } from './tally.ts';

describe('tally', () => {
  test('counts vitest results, and a file that could not be collected as one failure', () => {
    const report = {
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [
            { fullName: 'one', status: 'passed' },
            { fullName: 'two', status: 'failed' },
            { fullName: 'three', status: 'skipped' },
          ],
        },
        { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
      ],
    };
    expect(tallyVitest(report)).toEqual({ passed: 1, failed: 2, skippedNames: ['a.test.ts › three'] });
  });

  test('counts Playwright results in nested suites, and a flaky one as failed', () => {
    const spec = (title: string, status: 'expected' | 'unexpected' | 'flaky' | 'skipped') => ({
      title,
      tests: [{ status }],
    });
    const report = {
      errors: [{}],
      suites: [
        {
          title: 'a.spec.ts',
          specs: [spec('one', 'expected')],
          suites: [{ title: 'inner', specs: [spec('two', 'flaky')] }],
        },
        { title: 'b.spec.ts', specs: [spec('three', 'skipped'), spec('four', 'unexpected')] },
      ],
    };
    expect(tallyPlaywright(report)).toEqual({ passed: 1, failed: 3, skippedNames: ['b.spec.ts › three'] });
  });

  test('a run that failed without a report is one failure', () => {
    expect(readTally('/nowhere/report.json', 1, tallyVitest)).toEqual({
      passed: 0,
      failed: 1,
      skippedNames: [],
    });
  });

  test('the line names skips only when there are some', () => {
    const tally = { passed: 2, failed: 0, skippedNames: [] };
    expect(summaryLine([tally, tally])).toBe('4 passed, 0 failed');
    expect(summaryLine([tally, { passed: 1, failed: 1, skippedNames: ['x'] }])).toBe(
      '3 passed, 1 failed, 1 skipped',
    );
  });
});
