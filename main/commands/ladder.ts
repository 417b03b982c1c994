import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Baseline } from '../../common/baseline/index.ts';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { Profile } from '../../common/profile/index.ts';
import {
  allChecks,
  chooseRuns,
  createAskHttp,
  createSecretReader,
  nameOfRun,
  plan,
  profileFrom,
  runChecks,
  type CheckOutcome,
  type SharedContext,
} from '../ladder/index.ts';
import { createNodePlatform } from '../platform/node/index.ts';
import { log, print } from '../platform/say.ts';
import { loadBaseline } from './baseline.ts';
import { keepEvidence } from './ladder-run/keep-evidence.ts';
import { listenTo, type Listening } from './ladder-run/listen.ts';
import { exitCodeOf, reportJson, reportLines } from './ladder-run/report.ts';

/** The options of `ladder` as the command line gives them. */
export interface LadderOptions {
  data: string;
  json?: boolean;
  only?: string[];
  evidence?: string;
  /** File with what the system looked like while it was well. */
  baseline?: string;
  /** Seconds. */
  listen: number;
}

type Runs = ReturnType<typeof plan>;

interface Prepared {
  profile: Profile;
  baseline: Baseline | null;
  runs: Runs;
  /** Where evidence is kept. */
  folder: string | null;
}

const badInput = 2;
/** As a shell tells an end by Ctrl-C. */
const calledOff = 130;

/**
 * `warroom ladder PROFILE`: runs the checks on a profile without a room and prints what they found. Answers the exit code: 0
 * where something passes and nothing fails or warns, 1 else, 2 for bad input, 130 when it was called off.
 */
export async function runLadder(path: string, options: LadderOptions): Promise<number> {
  let prepared: Prepared;
  try {
    prepared = await prepare(path, options);
  } catch (error) {
    const hint = error instanceof WarroomError ? error.hint : '';
    log(`warroom ladder: ${messageOf(error)}${hint && `\n${hint}`}`);
    return badInput;
  }
  const stop = new AbortController();
  const callOff = () => stop.abort();
  process.once('SIGINT', callOff).once('SIGTERM', callOff);
  try {
    const outcomes = await climb(prepared, options, stop.signal);
    const findings = [];
    for (const outcome of outcomes) findings.push(await keepEvidence(outcome, prepared.folder));
    if (stop.signal.aborted) {
      log(`Called off: ${findings.length} of ${prepared.runs.length} checks ran.`);
      return calledOff;
    }
    if (options.json) print(JSON.stringify(reportJson(findings), null, 2));
    else reportLines(findings, options.only === undefined).forEach(print);
    return exitCodeOf(findings);
  } finally {
    process.off('SIGINT', callOff).off('SIGTERM', callOff);
  }
}

/** What there is to run. Throws for a profile that can't be read, and for checks that it has not. */
async function prepare(path: string, { only, evidence, baseline }: LadderOptions): Promise<Prepared> {
  const from = process.env.INIT_CWD ?? process.cwd();
  const file = resolve(from, path);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fromSystem(error, `Reading ${file}`);
  });
  const profile = profileFrom(text);
  const planned = plan(allChecks, profile);
  const runs = chooseRuns(planned, only && withSubjects(planned, only));
  if (runs.length === 0)
    throw new WarroomError(
      'bad-input',
      'This profile has nothing to check.',
      'Name its devices and services.',
    );
  const kept = baseline === undefined ? null : await loadBaseline(resolve(from, baseline));
  const folder = evidence === undefined ? null : resolve(from, evidence);
  if (folder !== null)
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fromSystem(error, `Making ${folder}`);
    });
  return { profile, baseline: kept, runs, folder };
}

/** `tools.service` stands for that check on all that it looks at. */
const withSubjects = (planned: Runs, only: readonly string[]): string[] =>
  only.flatMap((name) => {
    const all = planned.filter(({ check }) => check.id === name).map(nameOfRun);
    return all.length > 0 ? all : [name];
  });

/** Listens, runs the checks, and leaves nothing open. Answers in the order of the ladder what was found until `signal`. */
async function climb(
  { profile, baseline, runs }: Prepared,
  { data, listen }: LadderOptions,
  signal: AbortSignal,
): Promise<CheckOutcome[]> {
  const platform = createNodePlatform({ dataDir: data });
  const listening = await listenTo(profile, { platform, log });
  try {
    log(
      `Listening to ${profile.devices.length} devices and ${profile.services.length} services for ${listen} s. Ctrl-C ends it.`,
    );
    await listening.listen(listen, signal);
    const shared = sharedOf(profile, baseline, platform, listening);
    const outcomes = await runChecks(runs, shared, {
      signal,
      onFound: ({ check, result }) => log(`${result.padEnd(8)} ${check}`),
    });
    const order = new Map(runs.map((run, i) => [nameOfRun(run), i]));
    return outcomes.sort((a, b) => order.get(a.check)! - order.get(b.check)!);
  } finally {
    await listening.close();
  }
}

function sharedOf(
  profile: Profile,
  baseline: Baseline | null,
  platform: ReturnType<typeof createNodePlatform>,
  { devices, faults, samples }: Listening,
): SharedContext {
  const now = () => platform.clock.now();
  return {
    ...{ profile, now, devices, faults, samples },
    http: createAskHttp(now),
    baseline: () => baseline,
    secret: createSecretReader(platform.secrets, process.env),
  };
}
