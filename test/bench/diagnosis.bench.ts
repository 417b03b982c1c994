import { say } from '../../build/run.ts';
import { faultCases, healthyCases } from './diagnosis/cases.ts';
import { diagnoseAll } from './diagnosis/pool.ts';
import { confusionLines, score } from './diagnosis/score.ts';
import type { Bar, Figure } from './types.ts';

// Each fault of the rig, and healthy rigs, with a baseline taken before: which rung does the ladder point at? Sensors and
// the hour before are in simulated time; services are asked over real HTTP, and the checks take the time that they take.
// WARROOM_QUICK=1: one seed instead of three, and five healthy rigs instead of twenty.

export const name = 'diagnosis';

export async function run(): Promise<Figure[]> {
  const isQuick = process.env.WARROOM_QUICK === '1';
  const faults = faultCases(isQuick ? [1] : [1, 2, 3]);
  const healthy = healthyCases(Array.from({ length: isQuick ? 5 : 20 }, (_, i) => 101 + i));
  const judged = await diagnoseAll([...faults, ...healthy]);
  const result = score(judged);
  for (const line of [...confusionLines(judged), ...result.says]) say(line);
  return [
    { metric: 'faults', value: result.faults, unit: '' },
    { metric: 'right_rung_ratio', value: result.right, unit: '' },
    { metric: 'healthy_false_fail', value: result.healthy.fail, unit: 'findings' },
    { metric: 'healthy_warn_ratio', value: result.healthy.warnRatio, unit: '' },
    { metric: 'healthy_unknown_or_error', value: result.healthy.untold, unit: 'findings' },
    { metric: 'ladder_p95_s', value: result.ladder95, unit: 's' },
    { metric: 'evidence_unopened', value: result.unopened, unit: 'findings' },
  ];
}

export const bars: Record<string, Bar> = {
  faults: { min: 24 },
  right_rung_ratio: { min: 0.95 },
  healthy_false_fail: { max: 0 },
  healthy_warn_ratio: { max: 0.01 },
  healthy_unknown_or_error: { max: 0 },
  ladder_p95_s: { max: 45 },
  evidence_unopened: { max: 0 },
};
