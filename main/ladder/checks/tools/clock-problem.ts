import type { HttpObservation } from '../../http/types.ts';
import type { Found } from '../../check.ts';

/** Seconds by which a clock may be off: a Date has whole seconds, and a proxy may hold an answer for one. */
const noted = 3;
const grave = 10;

/**
 * What a service's clock is off by, from the Date of its answers: the offset that all of them allow. An answer from a cache
 * (Age) tells the time of something else.
 */
export function clockProblem(name: string, seen: readonly HttpObservation[]): Found | null {
  const spans = seen.flatMap(({ sent, total, answer }) => {
    const date = Date.parse(answer?.headers.date ?? '');
    if (Number.isNaN(date) || Number(answer?.headers.age ?? 0) > 0) return [];
    const [asked, told] = [sent / 1000, sent / 1000 + total];
    // Its clock read [date, date + 1 s) at some moment between.
    return [[(date - told) / 1000, (date + 1000 - asked) / 1000] as const];
  });
  if (spans.length < 3) return null;
  const least = Math.max(...spans.map(([from]) => from));
  const most = Math.min(...spans.map(([, to]) => to));
  const off = least > 0 ? least : most < 0 ? most : 0;
  if (Math.abs(off) < noted) return null;
  return {
    result: Math.abs(off) >= grave ? 'fail' : 'warn',
    says: `The clock of ${name} is ${Math.abs(off).toFixed(1)} s ${off > 0 ? 'ahead of' : 'behind'} this machine's, by the Date of ${spans.length} answers.`,
    next: 'Compare both with a time server (chronyc tracking, timedatectl): times in logs and rows do not fit until then.',
  };
}
