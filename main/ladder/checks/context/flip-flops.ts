import { at, counted, createAgentCheck, fromAll, inFiles, sum } from '../agent-check.ts';
import { noCalls } from './loops.ts';

/** Steps to and fro: A → B → A → B is 3. */
const usualSteps = 3;

/** Whether an agent undoes and redoes its own edits. */
export const flipFlopsCheck = createAgentCheck({
  id: 'context.flip-flops',
  rung: 2,
  title: 'Keeps its own edits',
  judge(seen, limit) {
    const { name } = seen.agent;
    if (sum(seen, ({ facts }) => facts.loops.calls) === 0) return noCalls(name, inFiles(seen));
    const edits = sum(seen, ({ facts }) => facts.flipFlops.edits);
    const undone = sum(seen, ({ facts }) => facts.flipFlops.undone);
    const least = limit('context.flip-flops', usualSteps);
    const found = fromAll(seen, ({ facts }) => facts.flipFlops.flipFlops.items)
      .filter(({ fact }) => fact.steps >= least)
      .sort((a, b) => b.fact.steps - a.fact.steps);
    const [worst] = found;
    if (!worst)
      return {
        result: 'pass',
        says: `${name} keeps its edits: ${edits} ${inFiles(seen)}, ${undone} undone, none to and fro.`,
        rulesOut: `That ${name} undoes and redoes the same change.`,
        places: [],
      };
    const { file, fact } = worst;
    const lines = fact.sources.map(({ line }) => line).join(', ');
    return {
      result: 'fail',
      says: `${name} changes ${fact.file} to and fro: ${fact.steps} steps between the same two states, ${at(file, fact.sources[0]!)} (lines ${lines})${found.length > 1 ? `, and ${counted(found.length - 1, 'more place')}` : ''}; ${undone} of ${edits} edits undone.`,
      next: `Decide which of the two is right, tell ${name}, and start it afresh.`,
      places: found.flatMap(({ file: of, fact: { file: edited, sources } }) =>
        sources.map((source) => ({ file: of, source, what: `edit of ${edited}` })),
      ),
    };
  },
});
