import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceSpec } from '../../../../common/contract/services.ts';
import { exchangeEvidence } from '../../http/exchange.ts';
import type { HttpObservation } from '../../http/types.ts';
import { isLate } from '../../read/ask-json.ts';
import type { Check, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { answerProblem } from './answer-problem.ts';
import { clockProblem } from './clock-problem.ts';
import { pathsProblem } from './paths-problem.ts';

/** Once is not enough (LADDER). */
const probes = 9;
/** Milliseconds: what comes and goes within a second is seen. */
const usualPause = 120;
/** So many of the nine failed: it is not one that was lost on the way. */
const manyFailed = 3;
/** Its p95 is expected within this many times what is usual; its median never past it. */
const slowBy = 2;

/**
 * Whether a service answers: name, connection, TLS, an answer in time that is what it says it is, a clock that agrees. Nine
 * probes; the worst and the share that failed are told. `pauseMs` lies between two.
 */
export function createServiceCheck(pauseMs = usualPause): Check {
  return {
    id: 'tools.service',
    rung: 3,
    title: 'Service answers',
    effect: 'none',
    timeoutMs: 40_000,
    subjects: ({ services }) => services.map(({ name }) => name),
    async run(subject, context) {
      return judgeService(subject, context, pauseMs);
    },
  };
}

/** Its verdict, once a run: it explains what others read of it. */
export function judgeService(name: string, context: CheckContext, pauseMs = usualPause): Promise<Found> {
  return context.once(`verdict service ${name}`, async () => {
    const service = context.profile.services.find((each) => each.name === name)!;
    const seen = await probeService(service, context, pauseMs);
    const evidence = [exchangeEvidence(`${name}-health.txt`, worstFirst(seen))];
    const found = verdict(service, seen);
    const paths = found.result === 'fail' ? null : await pathsProblem(service, context);
    if (paths) return { rulesOut: rulesOut(name), ...paths, evidence: [...paths.evidence!, ...evidence] };
    return { rulesOut: rulesOut(name), ...found, evidence };
  });
}

const rulesOut = (name: string) => `Whether ${name} can be reached from here, and is well by its own word.`;

/** Nine questions for its health, once a run; three where each takes its whole time and is not answered. */
export function probeService(
  service: ServiceSpec,
  context: CheckContext,
  pauseMs = usualPause,
): Promise<HttpObservation[]> {
  const { name, url, health, timeoutMs } = service;
  return context.once(`probe ${name}`, async (signal) => {
    const seen: HttpObservation[] = [];
    for (let i = 0; i < probes && !signal.aborted; i++) {
      if (i > 0) await pause(pauseMs, undefined, { signal });
      seen.push(await context.http({ url: new URL(health, url).href, timeoutMs, signal }));
      if (seen.length === manyFailed && seen.every(isLate)) break;
    }
    return seen;
  });
}

function verdict(service: ServiceSpec, seen: HttpObservation[]): Found {
  const { name, expectedMs } = service;
  const problems = seen.flatMap((each) => answerProblem(each) ?? []);
  const failed = problems.length;
  const times = seen.filter(({ answer }) => answer).map(({ total }) => total);
  const worst = Math.max(0, ...seen.map(({ total }) => total));
  const [problem] = problems;
  if (problem && failed >= manyFailed)
    return {
      result: 'fail',
      says: `${name}: ${failed} of ${seen.length} probes failed. ${problem.says} Worst ${ms(worst)}.`,
      next: problem.next,
    };
  const clock = clockProblem(name, seen);
  if (clock) return clock;
  const [median, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  if (expectedMs !== undefined && median > slowBy * expectedMs)
    return {
      result: 'fail',
      says: `${name} is slow: median ${ms(median)}, p95 ${ms(p95)} of ${times.length} probes, where ${ms(expectedMs)} is usual.`,
      next: `Look at the load of the machine of ${name}, and at what it waits for.`,
    };
  if (problem && failed > 1)
    return {
      result: 'warn',
      says: `${name}: ${failed} of ${seen.length} probes failed. ${problem.says} The others took ${ms(median)}.`,
      next: problem.next,
    };
  const lost = problem ? ` One of ${seen.length} probes failed: ${problem.says}` : '';
  return {
    result: 'pass',
    says: `${name} answers: median ${ms(median)}, worst ${ms(worst)} of ${seen.length} probes.${lost}`,
  };
}

const ms = (millis: number) => `${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;

/** Nearest rank. */
function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Failures, then the slowest: what a person opens it for stands first. */
function worstFirst(seen: HttpObservation[]): HttpObservation[] {
  const rank = (each: HttpObservation) => (answerProblem(each) ? 1e9 : 0) + each.total;
  return [...seen].sort((a, b) => rank(b) - rank(a));
}
