/** What was found, as a person reads it and as a script does. */
import { pointedAt } from '../../../common/incident/ladder.ts';
import { allRungs, rungNames } from '../../../common/incident/state.ts';
import type { CheckOutcome } from '../../ladder/index.ts';
import type { KeptFile } from './keep-evidence.ts';

/** An outcome whose evidence has its digest, and its file where it was kept. */
export interface Finding extends Omit<CheckOutcome, 'evidence'> {
  evidence: KeptFile[];
}

/** The lines of it: rung by rung, then where it points and what that rests on. `isAll`: empty rungs are told too. */
export function reportLines(findings: readonly Finding[], isAll: boolean): string[] {
  const rungs = allRungs.flatMap((rung) => {
    const own = findings.filter((finding) => finding.rung === rung);
    if (own.length === 0 && !isAll) return [];
    const lines = own.length > 0 ? own.flatMap(linesOf) : ['  nothing to check'];
    return [`${rung}  ${rungNames[rung]}`, ...lines, ''];
  });
  return [...rungs, ...suggestionLines(findings)].map(withoutControls);
}

function linesOf({ check, result, says, next, explainedBy, evidence }: Finding): string[] {
  const more = [
    explainedBy && `explained by ${explainedBy}`,
    next && `next: ${next}`,
    ...evidence.flatMap(({ file }) => (file === null ? [] : [`evidence: ${file}`])),
  ];
  return [
    `  ${result.padEnd(8)} ${check}: ${says}`,
    ...more.flatMap((text) => (text ? [`${' '.repeat(11)}${text}`] : [])),
  ];
}

function suggestionLines(findings: readonly Finding[]): string[] {
  const pointed = pointedAt(findings);
  const untold = findings.filter(({ result }) => result === 'unknown' || result === 'error').length;
  const open = untold > 0 ? [`${untold} of ${findings.length} could not be told.`] : [];
  if (!pointed) return ['Nothing fails or warns: no rung is suggested.', ...open];
  const { rung, basis } = pointed;
  return [
    `Look at rung ${rung} first: ${rungNames[rung]}. It rests on:`,
    ...basis.map(({ check, result }) => `  ${result.padEnd(8)} ${check}`),
    ...open,
  ];
}

/** What is said quotes what systems answer: none of it may steer the terminal. */
// eslint-disable-next-line no-control-regex -- those are what it is about
const withoutControls = (line: string) => line.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');

/** The same as one JSON value. */
export function reportJson(findings: readonly Finding[]) {
  return {
    suggested: pointedAt(findings)?.rung ?? null,
    findings: findings.map(({ check, rung, result, says, rulesOut, next, explainedBy, evidence }) => ({
      ...{ check, rung, result, says },
      ...{ rulesOut: rulesOut ?? null, next: next ?? null, explainedBy: explainedBy ?? null },
      evidence,
    })),
  };
}

/** 0 where something passes and nothing fails, warns or breaks; else 1. */
export function exitCodeOf(findings: readonly Pick<Finding, 'result'>[]): number {
  const has = (...results: string[]) => findings.some(({ result }) => results.includes(result));
  return has('pass') && !has('fail', 'warn', 'error') ? 0 : 1;
}
