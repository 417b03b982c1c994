import { parsePattern } from './pattern-parse.ts';
import { programOf } from './pattern-program.ts';
import { beginningsOf, charAt, newBudget, search, type Budget } from './pattern-search.ts';

export interface PatternMatch {
  /** Where in the text it begins. */
  at: number;
  text: string;
  /** What the named groups took; one that took nothing is not there. */
  groups: Record<string, string>;
}

/** A regular expression that a profile gave. Matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  readonly groups: readonly string[];
  /** The first match from `from` on. Throws `bad-input` when the text is too much for the pattern: that is no "no match". */
  first(text: string, from?: number): PatternMatch | null;
  /** At most `most` matches that don't overlap, in order. */
  all(text: string, most: number): PatternMatch[];
}

/** Throws `bad-input` that says where it is wrong (`data.at`) or what can't be said in a pattern (pattern-parse.ts). */
export function compilePattern(text: string): Pattern {
  const { root, groups, ignoresCase } = parsePattern(text);
  const program = programOf(root);
  const mayBegin = beginningsOf(program, ignoresCase);
  const find = (subject: string, from: number, budget: Budget): PatternMatch | null => {
    const slots = search({ program, mayBegin, ignoresCase, groups: groups.length }, subject, from, budget);
    return slots && matchOf(subject, slots, groups);
  };
  return {
    groups: groups.filter((name) => name !== null),
    first: (subject, from = 0) => find(subject, from, newBudget()),
    all(subject, most) {
      const found: PatternMatch[] = [];
      const budget = newBudget();
      for (let from = 0; found.length < most && from <= subject.length;) {
        const match = find(subject, from, budget);
        if (!match) break;
        found.push(match);
        from = match.at + match.text.length;
        if (match.text === '') from += charAt(subject, from).length || 1;
      }
      return found;
    },
  };
}

function matchOf(subject: string, slots: Int32Array, names: (string | null)[]): PatternMatch {
  const part = (group: number) => {
    const [from, to] = [slots[group * 2]!, slots[group * 2 + 1]!];
    return from < 0 || to < 0 ? null : subject.slice(from, to);
  };
  const groups: Record<string, string> = {};
  names.forEach((name, group) => {
    const text = name === null ? null : part(group);
    if (name !== null && text !== null) groups[name] = text;
  });
  return { at: slots[0]!, text: part(0)!, groups };
}
