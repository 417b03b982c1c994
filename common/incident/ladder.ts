import type { Rung } from '../ledger/types.ts';
import { allRungs, type RungState, type State } from './state.ts';

type Rungs = State['rungs'];

const isDecided = (rung: RungState) => rung.status !== 'open' && rung.status !== 'locked';

/** The rungs after `rung` was decided: the next undecided one opens when all before it are decided. */
export function openAfterDecision(rungs: Rungs, rung: Rung, at: string): Rungs {
  const next = rungs[(rung + 1) as Rung];
  const allBefore = allRungs.filter((n) => n <= rung).every((n) => isDecided(rungs[n]));
  if (!next || next.status !== 'locked' || !allBefore) return rungs;
  return { ...rungs, [next.rung]: { ...next, status: 'open', openedAt: at } };
}

/** Re-opening a rung closes those after it; their findings and evidence stay. */
export function closeAfterReopen(rungs: Rungs, rung: Rung, at: string): Rungs {
  const result = { ...rungs };
  for (const n of allRungs) {
    if (n === rung) result[n] = { ...rungs[n], status: 'open', openedAt: at, decision: null };
    if (n > rung) result[n] = { ...rungs[n], status: 'locked', openedAt: null, decision: null };
  }
  return result;
}

/** The rung to look at next: where findings point, else the lowest open one. */
export function suggestedRung(state: State): Rung | null {
  const undecided = allRungs.filter((n) => !isDecided(state.rungs[n]));
  const findings = undecided.flatMap((rung) =>
    latestFindings(state.rungs[rung]).map(({ result }) => ({ rung, result })),
  );
  return pointedAt(findings)?.rung ?? undecided[0] ?? null;
}

/**
 * Where findings point, and those it rests on: the lowest rung with a `fail`, else the lowest with a `warn`. What can't be told
 * points nowhere: what explains it does. Null where nothing fails or warns.
 */
export function pointedAt<T extends { rung: Rung; result: string }>(
  findings: readonly T[],
): { rung: Rung; basis: T[] } | null {
  for (const result of ['fail', 'warn']) {
    const of = findings.filter((finding) => finding.result === result);
    const rung = allRungs.find((n) => of.some((finding) => finding.rung === n));
    if (rung) return { rung, basis: of.filter((finding) => finding.rung === rung) };
  }
  return null;
}

/** The last finding of each check; every finding by hand. */
export function latestFindings(rung: RungState) {
  const last = new Map(rung.findings.map((finding) => [finding.check, finding.id]));
  return rung.findings.filter(
    (finding) => finding.check === 'by-hand' || last.get(finding.check) === finding.id,
  );
}
