import { microsOf } from '../../../common/lib/clock.ts';
import type { RungStatus, State } from '../../../common/incident/state.ts';
import { allRungs } from '../../../common/incident/state.ts';
import type { Rung } from '../../../common/ledger/types.ts';
import type { Mark } from '../../store/document.ts';

export interface RungSpan {
  rung: Rung;
  status: RungStatus;
  /** Microseconds since 1970. */
  from: number;
  to: number;
}

/** When which rung was worked: from its opening, or the decision before, to its decision. */
export function rungSpans(state: State, now: number): RungSpan[] {
  if (!state.incident) return [];
  const spans: RungSpan[] = [];
  let from = microsOf(state.incident.declaredAt);
  for (const { rung, to: status, at } of state.decisions) {
    const to = microsOf(at);
    if (status !== 'open') spans.push({ rung, status, from, to });
    from = to;
  }
  const open = allRungs.find((rung) => state.rungs[rung].status === 'open');
  if (open) spans.push({ rung: open, status: 'open', from, to: now });
  return spans;
}

/** As many ticks as can be told apart: one per actor and thousandth of the width. */
export function thinned(marks: readonly Mark[], start: number, span: number): Mark[] {
  const seen = new Set<string>();
  return marks.filter(({ at, kind }) => {
    const place = `${Math.floor(((at - start) / span) * 1000)} ${kind}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}
