import { existsSync, readFileSync } from 'node:fs';

/** What a run of tests came to; `skippedNames` are listed at the end. */
export interface Tally {
  passed: number;
  failed: number;
  skippedNames: string[];
}

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** Reads vitest's JSON report. A file that could not even be collected counts as one failure. */
export function tallyVitest(report: VitestReport): Tally {
  const tally: Tally = { passed: 0, failed: 0, skippedNames: [] };
  for (const file of report.testResults) {
    if (file.status === 'failed' && !file.assertionResults.some((each) => each.status === 'failed'))
      tally.failed += 1;
    for (const each of file.assertionResults) {
      if (each.status === 'passed') tally.passed += 1;
      else if (each.status === 'failed') tally.failed += 1;
      else tally.skippedNames.push(`${file.name} › ${each.fullName}`);
    }
  }
  return tally;
}

interface PlaywrightReport {
  errors: unknown[];
  suites: PlaywrightSuite[];
}
interface PlaywrightSuite {
  title: string;
  suites?: PlaywrightSuite[];
  specs?: { title: string; tests: { status: 'expected' | 'unexpected' | 'flaky' | 'skipped' }[] }[];
}

/** Reads Playwright's JSON report. An error outside of any test counts as one failure. */
export function tallyPlaywright(report: PlaywrightReport): Tally {
  const tally: Tally = { passed: 0, failed: report.errors.length, skippedNames: [] };
  const visit = (suite: PlaywrightSuite) => {
    for (const spec of suite.specs ?? []) {
      for (const each of spec.tests) {
        if (each.status === 'expected') tally.passed += 1;
        else if (each.status === 'skipped') tally.skippedNames.push(`${suite.title} › ${spec.title}`);
        else tally.failed += 1;
      }
    }
    suite.suites?.forEach(visit);
  };
  report.suites.forEach(visit);
  return tally;
}

/** Reads a report written by a run that ended with `code`. No report, or a failing run without a failure, is one failure. */
export function readTally<R>(file: string, code: number, tallyOf: (report: R) => Tally): Tally {
  if (!existsSync(file)) return { passed: 0, failed: code === 0 ? 0 : 1, skippedNames: [] };
  const tally = tallyOf(JSON.parse(readFileSync(file, 'utf8')) as R);
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  return tally;
}

/** The last line of `npm test`. */
export function summaryLine(tallies: readonly Tally[]): string {
  const sum = (count: (tally: Tally) => number) => tallies.reduce((total, tally) => total + count(tally), 0);
  const skipped = sum((tally) => tally.skippedNames.length);
  const line = `${sum((tally) => tally.passed)} passed, ${sum((tally) => tally.failed)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
