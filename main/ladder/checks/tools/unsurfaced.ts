import type { FailureKind, UnsurfacedFailure } from '../../../../common/transcript/index.ts';
import { callsOfFalseClaims } from '../../read/claim-verdicts.ts';
import { keyOf } from '../../read/failed-calls.ts';
import type { TranscriptFile } from '../../read/transcript-file.ts';
import { at, counted, createAgentCheck, fromAll, inFiles, sum } from '../agent-check.ts';
import { noCalls } from '../context/loops.ts';

/** A command that ends with 1, or brings nothing, may be an answer; so many are none. */
const soft = new Set<FailureKind>(['exit-code', 'empty', 'interrupted']);
const manySoft = 3;
/** Whose commands often bring nothing, and are well. */
const shells = /bash|shell|terminal|exec|command/i;

interface Silent {
  file: TranscriptFile;
  fact: UnsurfacedFailure;
}

/** Failures of an agent's tools that nobody surfaced: neither said, nor tried again, nor got round. */
export const unsurfacedCheck = createAgentCheck({
  id: 'tools.unsurfaced',
  rung: 3,
  title: 'Failures of tools are told',
  judge(seen) {
    const { name } = seen.agent;
    const results = sum(seen, ({ facts }) => facts.unsurfaced.results);
    if (results === 0) return noCalls(name, inFiles(seen));
    const failures = sum(seen, ({ facts }) => facts.unsurfaced.failures);
    const surfaced = sum(seen, ({ facts }) => facts.unsurfaced.surfaced);
    const claimed = new Map(seen.files.map((file) => [file, callsOfFalseClaims(file)]));
    const all = fromAll(seen, ({ facts }) => facts.unsurfaced.unsurfaced.items);
    const meant = all.filter(({ fact }) => fact.sign.kind !== 'empty' || !shells.test(fact.tool));
    const silent = meant.filter(({ file, fact }) => !claimed.get(file)!.has(keyOf(fact)));
    const elsewhere = meant.length - silent.length;
    const note =
      elsewhere > 0
        ? ` ${elsewhere} more ${elsewhere === 1 ? 'is' : 'are'} told with a claim on rung 1.`
        : '';
    const counts = `${counted(failures, 'failure')} in ${counted(results, 'result')} ${inFiles(seen)}`;
    // Whom a person cut short had no chance to say it.
    const said = silent.filter(({ fact }) => fact.said !== null);
    const hard = said.filter(({ fact }) => !soft.has(fact.sign.kind));
    const worst = hard[0] ?? said[0] ?? silent[0];
    const places = silent.flatMap(placesOf);
    const isMany = said.length >= manySoft;
    if (!worst || (said.length === 0 && silent.length < 2))
      return {
        result: 'pass',
        says: `${name} tells of failures: ${counts}, ${surfaced} said or dealt with${worst ? `, 1 cut short by the next message, ${at(worst.file, worst.fact.resultSource)}` : ''}.${note}`,
        ...(elsewhere === 0 && { rulesOut: `That a tool of ${name} failed and nobody was told.` }),
        places,
      };
    return {
      result: hard.length > 0 || isMany ? 'fail' : 'warn',
      says: `${name} passed over ${silent.length} of ${counts}. ${told(worst)}${note}`,
      next: `Find out why ${worst.fact.tool} failed and what was built on it since; then do it again.`,
      places,
    };
  },
});

function told({ file, fact }: Silent): string {
  const { tool, input, sign, said } = fact;
  const instead = said ? `; it said "${said.text}" (line ${said.source.line})` : '; it said nothing';
  return `${tool} (${input}) failed, ${words[sign.kind]}: ${sign.says}, ${at(file, fact.resultSource)}${instead}.`;
}

const words: Record<FailureKind, string> = {
  flag: 'flagged as an error',
  'exit-code': 'by its exit code',
  'http-status': 'by its status',
  'time-out': 'out of time',
  permission: 'not permitted',
  'error-text': 'its result says error',
  'error-inside': 'its answer holds an error',
  empty: 'it brought nothing',
  interrupted: 'interrupted',
  rejected: 'rejected',
};

const placesOf = ({ file, fact }: Silent) => [
  { file, source: fact.source, what: `the call, ${fact.tool}` },
  { file, source: fact.resultSource, what: `its result, ${words[fact.sign.kind]}` },
  ...(fact.said ? [{ file, source: fact.said.source, what: 'what was said after it' }] : []),
];
