import { allRungs } from '../../../common/incident/state.ts';
import type { Rung } from '../../../common/ledger/types.ts';
import type { Case } from './cases.ts';
import type { Diagnosis } from './diagnose.ts';

export interface Judged {
  one: Case;
  diagnosis: Diagnosis;
}

export interface Score {
  /** Different faults. */
  faults: number;
  /** Share of faulty runs whose suggested rung is the fault's. */
  right: number;
  healthy: { fail: number; warnRatio: number; untold: number };
  /** Seconds, nearest rank, over all runs. */
  ladder95: number;
  /** Findings without evidence that opens. */
  unopened: number;
  /** What was not as it is to be, a line each. */
  says: string[];
}

export function score(judged: readonly Judged[]): Score {
  const faulty = judged.filter(({ one }) => one.rung !== null);
  const healthy = judged
    .filter(({ one }) => one.rung === null)
    .flatMap(({ diagnosis }) => diagnosis.findings);
  const of = (...results: string[]) => healthy.filter(({ result }) => results.includes(result));
  const wrong = faulty.filter(({ one, diagnosis }) => diagnosis.suggested !== one.rung);
  const took = judged.map(({ diagnosis }) => diagnosis.took).sort((a, b) => a - b);
  return {
    faults: new Set(faulty.map(({ one }) => one.name)).size,
    right: (faulty.length - wrong.length) / Math.max(1, faulty.length),
    healthy: {
      fail: of('fail').length,
      warnRatio: of('warn').length / Math.max(1, healthy.length),
      untold: of('unknown', 'error').length,
    },
    ladder95: took[Math.ceil(0.95 * took.length) - 1] ?? NaN,
    unopened: judged.reduce((sum, { diagnosis }) => sum + diagnosis.unopened.length, 0),
    says: [
      ...wrong.map(
        ({ one, diagnosis }) =>
          `${nameOf(one)}: is of rung ${one.rung}, and ${diagnosis.suggested ?? 'none'} is suggested.`,
      ),
      ...judged
        .filter(({ one }) => one.rung === null)
        .flatMap(({ one, diagnosis }) =>
          diagnosis.findings
            .filter(({ result }) => result !== 'pass')
            .map(({ result, check, says }) => `${nameOf(one)}: ${result} ${check}: ${says}`),
        ),
      ...judged.flatMap(({ one, diagnosis }) =>
        diagnosis.unopened.map((check) => `${nameOf(one)}: the evidence of ${check} does not open.`),
      ),
    ],
  };
}

const nameOf = ({ name, seed, system, sensor, service }: Case) =>
  [name, system?.target ?? sensor?.target ?? service?.target, `seed ${seed}`].filter(Boolean).join(' ');

const columns: readonly (Rung | null)[] = [...allRungs, null];

/** What was wrong (rows) against the rung that is suggested (columns). */
export function confusionLines(judged: readonly Judged[]): string[] {
  const head = ['is of', ...columns.map((rung) => rung ?? 'none')];
  const rows = columns.map((rung) => {
    const of = judged.filter(({ one }) => one.rung === rung);
    const counts = columns.map((told) => of.filter(({ diagnosis }) => diagnosis.suggested === told).length);
    return [rung === null ? 'healthy' : `rung ${rung}`, ...counts];
  });
  return [head, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? String(cell).padEnd(8) : String(cell).padStart(5))).join(''),
  );
}
