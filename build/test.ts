import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { check } from './check.ts';
import { root, runNode, say } from './run.ts';
import { isUnattended, provideChromium } from './system.ts';
import { readTally, summaryLine, tallyPlaywright, tallyVitest, type Tally } from './tally.ts';

const bin = (path: string) => join(root, 'node_modules', path);
const failure = (count = 1): Tally => ({ passed: 0, failed: count, skippedNames: [] });

async function runVitest(filters: string[]): Promise<Tally> {
  const report = join(root, 'test-results', 'unit.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runNode(bin('vitest/vitest.mjs'), [
    'run',
    '--passWithNoTests',
    ...reporters,
    ...filters,
  ]);
  return readTally(report, code, tallyVitest);
}

function hasSpecs(): boolean {
  const folder = join(root, 'test', 'e2e');
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.spec.ts'))
  );
}

async function runPlaywright(filters: string[]): Promise<Tally> {
  if (!hasSpecs()) return failure(0);
  const chromium = await provideChromium();
  if (!chromium) return failure();
  const report = join(root, 'test-results', 'e2e.json');
  rmSync(report, { force: true });
  const args = ['test', '--pass-with-no-tests', ...filters];
  const code = await runNode(bin('@playwright/test/cli.js'), args, {
    env: { ...process.env, CHROME_PATH: chromium },
  });
  return readTally(report, code, tallyPlaywright);
}

/** A step that has no tests of its own counts as one failure when it fails. */
async function step(name: string, work: () => Promise<unknown>): Promise<Tally> {
  try {
    await work();
    return failure(0);
  } catch (error) {
    say(`FAIL ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return failure();
  }
}

/** check, build, unit tests, tests in a browser. With a pattern: only the tests whose file matches it. */
async function main(filters: string[]): Promise<number> {
  const tallies: Tally[] = [];
  if (filters.length === 0) tallies.push(failure((await check()).length));
  // First, because tests outside of Playwright may drive a browser, and start the built program, as well.
  await provideChromium();
  const built = await step('build', ensureBuilt);
  tallies.push(built, await runVitest(filters));
  if (built.failed === 0) tallies.push(await runPlaywright(filters));
  const skipped = tallies.flatMap((tally) => tally.skippedNames);
  if (skipped.length > 0) say(`skipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
  process.stdout.write(`${summaryLine(tallies)}\n`);
  const failed = tallies.some((tally) => tally.failed > 0);
  return failed || (skipped.length > 0 && isUnattended()) ? 1 : 0;
}

process.exit(await main(process.argv.slice(2)));
