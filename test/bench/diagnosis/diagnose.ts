/** One run of the ladder on a rig: well for a while, a baseline taken, then what is wrong with it, then the checks. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pointedAt } from '../../../common/incident/ladder.ts';
import type { Rung } from '../../../common/ledger/types.ts';
import { loadProfile, type Profile } from '../../../common/profile/index.ts';
import { keepEvidence, type KeptFile } from '../../../main/commands/ladder-run/keep-evidence.ts';
import { rigProfile } from '../../../main/drill/index.ts';
import { slowMs } from '../../../main/drill/faults.ts';
import { startServices } from '../../../main/drill/services.ts';
import { createLine } from '../../../main/drill/signal/line.ts';
import { systemFaults, type ActiveSystemFault } from '../../../main/drill/system/index.ts';
import { takeBaseline } from '../../../main/ladder/baseline/take.ts';
import {
  allChecks,
  chooseRuns,
  createAskHttp,
  plan,
  runChecks,
  type CheckOutcome,
  type SharedContext,
} from '../../../main/ladder/index.ts';
import type { Case } from './cases.ts';
import { hearSensors } from './sensors.ts';
import { watchServices } from './watch-services.ts';

/** What a run came to. */
export interface Diagnosis {
  suggested: Rung | null;
  findings: Pick<CheckOutcome, 'check' | 'rung' | 'result' | 'says'>[];
  /** Real seconds that the checks took. */
  took: number;
  /** Findings whose evidence is not there, or not what was told. */
  unopened: string[];
}

/** Seconds before the ladder runs: the line starts, the baseline is taken, the fault begins, the sensors are connected. */
const times = { start: -3_000, baseline: -1_500, onset: -1_000, connected: -600 };
/** The checks take some time, and the sensors go on. */
const heardUntil = 60;

export async function diagnose({ seed, system, sensor, service }: Case): Promise<Diagnosis> {
  const line = createLine(seed, times.start);
  const beganAt = Date.now();
  let isBaseline = true;
  const elapsed = () => (Date.now() - beganAt) / 1000 + (isBaseline ? times.baseline : 0);
  const fault = systemFaults.find(({ name }) => name === system?.name);
  const faults: ActiveSystemFault[] =
    fault && system ? [{ fault, target: system.target, onset: times.onset, end: Infinity }] : [];
  const services = await startServices({ line, elapsed, startedAt: beganAt, faults }, true);
  const folder = await mkdtemp(join(tmpdir(), 'warroom-diagnosis-'));
  try {
    const heard = hearSensors({
      ...{ seed, line, from: times.connected, until: heardUntil, startedAt: beganAt },
      strikes: sensor ? [{ device: sensor.target, fault: { ...sensor, onset: -60, end: Infinity } }] : [],
    });
    const now = () => Math.round((beganAt + elapsed() * 1000) * 1000);
    const profile = profileOf(rigProfile({ devices: heard.specs, services }));
    const shared: SharedContext = {
      ...{ profile, now, http: createAskHttp(now), secret: () => Promise.resolve(null) },
      ...{ devices: () => heard.devices, faults: () => heard.faults, samples: heard.samples },
      baseline: () => null,
    };
    const signal = new AbortController().signal;
    const baseline = await takeBaseline(
      { ...shared, signal, once: (_, make) => make(signal) },
      { golden: true },
    );
    if (baseline.missing.length > 0) throw new Error(`No whole baseline: ${baseline.missing.join(' ')}`);
    isBaseline = false;
    const struck = services.find(({ name }) => name === service?.target);
    if (service?.name === 'service-down') await struck!.setDown(true);
    if (service?.name === 'service-slow') struck!.setSlow(slowMs[service.severity!]);
    const watched = await watchServices(profile, now);
    const samples: SharedContext['samples'] = (...asked) =>
      heard.samples(...asked) ?? watched.samples(...asked);
    const runs = chooseRuns(plan(allChecks, profile), undefined);
    const started = performance.now();
    const outcomes = await runChecks(runs, { ...shared, samples, baseline: () => baseline }, { signal });
    const took = (performance.now() - started) / 1000;
    await watched.close();
    return {
      suggested: pointedAt(outcomes)?.rung ?? null,
      findings: outcomes.map(({ check, rung, result, says }) => ({ check, rung, result, says })),
      took,
      unopened: await unopenedOf(outcomes, folder),
    };
  } finally {
    await Promise.all(services.map((each) => each.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

function profileOf(yaml: string): Profile {
  const { profile, mistakes } = loadProfile(yaml);
  if (!profile) throw new Error(mistakes.map(({ message }) => message).join('\n'));
  return profile;
}

/** Each finding's evidence is written as the command does, read again, and held against what was told of it. */
async function unopenedOf(outcomes: readonly CheckOutcome[], folder: string): Promise<string[]> {
  const unopened: string[] = [];
  for (const outcome of outcomes) {
    const { evidence } = await keepEvidence(outcome, folder);
    const opened = await Promise.all(evidence.map(opens));
    if (evidence.length === 0 || opened.includes(false)) unopened.push(outcome.check);
  }
  return unopened;
}

async function opens({ file, sha256, media }: KeptFile): Promise<boolean> {
  const bytes = await readFile(file!);
  if (media === 'application/json') JSON.parse(bytes.toString());
  return bytes.length > 0 && createHash('sha256').update(bytes).digest('hex') === sha256;
}
