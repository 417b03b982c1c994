import type { Remark, RemarkSeverity } from '../../common/wire/types.ts';

/** What a firmware says of itself, each text at most once a minute: some say it ten times a second, for ever. */
export interface Remarks {
  add(text: string, severity: RemarkSeverity): void;
  /** What is new, with the time at which it is taken. */
  take(now: number): Remark[];
}

const repeatAfter = 60_000_000;
const mostRemembered = 64;
const mostWaiting = 16;

export function createRemarks(): Remarks {
  const waiting = new Map<string, RemarkSeverity>();
  /** When each text was told. */
  const told = new Map<string, number>();

  function isNew(text: string, now: number): boolean {
    const before = told.get(text);
    if (before !== undefined && Math.abs(now - before) < repeatAfter) return false;
    if (told.size >= mostRemembered) told.clear();
    told.set(text, now);
    return true;
  }

  return {
    add(text, severity) {
      if (waiting.size < mostWaiting) waiting.set(text, severity);
    },
    take(now) {
      if (waiting.size === 0) return [];
      const remarks = [...waiting].map(([text, severity]) => ({ at: now, text, severity }));
      waiting.clear();
      return remarks.filter(({ text }) => isNew(text, now));
    },
  };
}
