/** What an agent of the line can do with its tools, whatever these are called. */
import type { Draw } from '../draw.ts';
import type { LineView } from '../line-view.ts';
import type { Failure, Use } from '../types.ts';

export type Service = 'cv' | 'llm';

/** Settings of the scorer that agents change; values as they stand in its file. */
export type Setting = 'min_confidence' | 'hold_ms' | 'retries' | 'queue_limit';
export type Settings = Record<Setting, string>;

/** How a tool can fail, or seem not to. */
export type Trouble =
  'time-out' | 'server-error' | 'error-inside' | 'permission' | 'disk-full' | 'short-write';

export interface TestRun {
  passed: number;
  failed: string[];
}

export interface Hands {
  health(service: Service, view: LineView): Use;
  /** The newest lines of a service's log. */
  log(service: Service, lines: number, view: LineView): Use;
  /** A search of the log that finds nothing. */
  search(what: string, service: Service): Use;
  scores(count: number, view: LineView): Use;
  settings(now: Settings): Use;
  change(setting: Setting, from: string, to: string): Use;
  /** A change that finds nothing to change: what it looks for is not in the file. */
  misfit(setting: Setting, from: string, to: string): Use;
  tests(run: TestRun): Use;
  restart(service: Service): Use;
  /** Whether a service is up, after a wait. */
  state(service: Service, isUp: boolean): Use;
  commit(message: string): Use;
  write(path: string, content: string): Use;
  notify(text: string): Use;
  /** The same use of a tool, that goes wrong. */
  broken(use: Use, trouble: Trouble): Use;
}

export type MakeHands = (draw: Draw) => Hands;

export const configFile = '/opt/qc/config/scoring.yaml';

export const settingsFile = (now: Settings): string =>
  ['# Limits of the scorer', ...Object.entries(now).map(([name, value]) => `${name}: ${value}`), ''].join(
    '\n',
  );

export function useOf(
  tool: string,
  input: Record<string, unknown>,
  text: string,
  seconds: number,
  failure: Failure | null = null,
): Use {
  return { tool, input, outcome: { text, failure }, seconds };
}

export const failing = (use: Use, text: string, failure: Failure | null, more: Partial<Use> = {}): Use => ({
  ...use,
  ...more,
  outcome: { ...use.outcome, text, failure, ...(failure === 'exit' && { exitCode: 1 }) },
});

/** The tests' own names of the scorer. */
export const testNames = [
  'tests/test_limits.py::test_min_confidence_default',
  'tests/test_limits.py::test_hold_is_whole_milliseconds',
  'tests/test_score.py::test_scratch_scores_below_sixty',
  'tests/test_queue.py::test_queue_limit_is_kept',
];

export function pytestText({ passed, failed }: TestRun, seconds: number): string {
  const total = passed + failed.length;
  const dots = `${'.'.repeat(passed)}${'F'.repeat(failed.length)}`;
  const head = `${dots}${' '.repeat(Math.max(1, 72 - total))}[100%]`;
  if (failed.length === 0) return `${head}\n${passed} passed in ${seconds.toFixed(2)}s`;
  const told = failed.map((name) => `FAILED ${name} - AssertionError`).join('\n');
  return `${head}\n=========================== short test summary info ============================\n${told}\n${failed.length} failed, ${passed} passed in ${seconds.toFixed(2)}s`;
}

/** The first of these of a tool's input that is a text. */
export function firstText(input: Record<string, unknown>, ...names: string[]): string | undefined {
  return names.map((name) => input[name]).find((value) => typeof value === 'string');
}
