import { WarroomError } from '../lib/errors.ts';
import type { CharSet } from './pattern-class.ts';
import type { PatternNode, PatternPlace } from './pattern-parse.ts';

/** One step of a matcher (Thompson's construction, with what Pike added for groups). */
export type PatternStep =
  | { is: 'char'; set: CharSet }
  | { is: 'at'; what: PatternPlace }
  /** Goes on at both, `first` being preferred. */
  | { is: 'split'; first: number; second: number }
  | { is: 'jump'; to: number }
  /** Notes the place in the text. */
  | { is: 'save'; slot: number }
  | { is: 'match' };

const mostSteps = 2000;

/** Slots 0 and 1 are the whole match, 2n and 2n + 1 the group n. Throws `bad-input` where the repetitions multiply up. */
export function programOf(root: PatternNode): PatternStep[] {
  const steps: PatternStep[] = [];
  const add = (step: PatternStep): number => {
    if (steps.length === mostSteps)
      throw new WarroomError('bad-input', 'The pattern repeats too much.', 'Use smaller numbers in {n,m}.');
    return steps.push(step) - 1;
  };

  const split = (isLazy: boolean): ((inside: number, after: number) => void) => {
    const at = add({ is: 'split', first: 0, second: 0 });
    return (inside, after) => {
      const [first, second] = isLazy ? [after, inside] : [inside, after];
      steps[at] = { is: 'split', first, second };
    };
  };

  const write = (node: PatternNode): void => {
    switch (node.is) {
      case 'char':
      case 'at':
        add(node);
        return;
      case 'all':
        node.of.forEach(write);
        return;
      case 'group':
        add({ is: 'save', slot: node.slot * 2 });
        write(node.of);
        add({ is: 'save', slot: node.slot * 2 + 1 });
        return;
      case 'any':
        writeChoice(node.of);
        return;
      case 'repeat':
        writeRepeat(node);
    }
  };

  const writeChoice = (of: PatternNode[]): void => {
    const ends: number[] = [];
    of.forEach((each, index) => {
      const isLast = index === of.length - 1;
      const decide = isLast ? null : split(false);
      const inside = steps.length;
      write(each);
      if (!isLast) ends.push(add({ is: 'jump', to: 0 }));
      decide?.(inside, steps.length);
    });
    for (const end of ends) steps[end] = { is: 'jump', to: steps.length };
  };

  const writeRepeat = ({ of, least, most, isLazy }: PatternNode & { is: 'repeat' }): void => {
    for (let i = 0; i < least; i++) write(of);
    if (most === Infinity) {
      const again = steps.length;
      const decide = split(isLazy);
      write(of);
      add({ is: 'jump', to: again });
      decide(again + 1, steps.length);
      return;
    }
    const decisions: ((after: number) => void)[] = [];
    for (let i = least; i < most; i++) {
      const decide = split(isLazy);
      const inside = steps.length;
      decisions.push((after) => decide(inside, after));
      write(of);
    }
    for (const decide of decisions) decide(steps.length);
  };

  add({ is: 'save', slot: 0 });
  write(root);
  add({ is: 'save', slot: 1 });
  add({ is: 'match' });
  return steps;
}
