/** What the outcomes of many cases come to. */
import type { FaultCase, Outcome } from './cases.ts';

export interface Score {
  /** Share of the cases of the fault that is named least. */
  recall: number;
  recalls: Map<string, number>;
  /** Of all names that were raised, the share that are the fault of their line. */
  precision: number;
  /** Seconds to the name that 95 % of those named don't exceed: at 80/s but for drift; drift; at 10/s but for drift. */
  name95: number;
  drift95: number;
  nameAt10: number;
  /** What went wrong, a line each. */
  says: string[];
}

export function score(cases: readonly FaultCase[], outcomes: readonly Outcome[]): Score {
  const recalls = new Map<string, number>();
  const says: string[] = [];
  let right = 0;
  let wrong = 0;
  const delays = { at80: [] as number[], at10: [] as number[], drift: [] as number[] };
  const shares = new Map<string, { named: number; of: number }>();
  cases.forEach((one, i) => {
    const { visible, named, wrong: others } = outcomes[i]!;
    const { fault, severity, seed, rate, dialect } = one;
    const where = `${fault}, ${severity}, seed ${seed}, ${dialect} at ${rate}/s`;
    const share = shares.get(fault) ?? { named: 0, of: 0 };
    shares.set(fault, share);
    share.of++;
    wrong += others.length;
    for (const other of others) says.push(`${where}: wrong: ${other}`);
    if (named === null) {
      says.push(`${where}: not named`);
      return;
    }
    share.named++;
    right++;
    delays[fault === 'drift' ? 'drift' : rate === 80 ? 'at80' : 'at10'].push(named - visible);
  });
  for (const [fault, { named, of }] of shares) recalls.set(fault, named / of);
  return {
    recall: Math.min(...recalls.values()),
    recalls,
    precision: right / (right + wrong),
    name95: percentile95(delays.at80),
    drift95: percentile95(delays.drift),
    nameAt10: percentile95(delays.at10),
    says,
  };
}

/** The smallest value that 95 % don't exceed (nearest rank); NaN of none. */
function percentile95(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? NaN;
}
