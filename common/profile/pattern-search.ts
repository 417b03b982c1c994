import { WarroomError } from '../lib/errors.ts';
import { isInSet, isLineEnd, isWordChar, type CharSet } from './pattern-class.ts';
import type { PatternPlace } from './pattern-parse.ts';
import type { PatternStep } from './pattern-program.ts';

/** Steps that a search may still take, shared by those of one question. */
export interface Budget {
  left: number;
}

/** About a second. */
export const newBudget = (): Budget => ({ left: 10_000_000 });

/** A way that matching may go: the step it is at, and what it noted on the way. */
interface Thread {
  step: number;
  slots: Int32Array;
}

/** What `search` needs of a pattern. */
export interface Machine {
  program: PatternStep[];
  /** By ASCII code: 0 where no match begins with it. */
  mayBegin: Uint8Array;
  ignoresCase: boolean;
  groups: number;
}

const ascii = 128;

/** With which characters a match may begin: most places of a text are passed over by it. */
export function beginningsOf(program: PatternStep[], ignoresCase: boolean): Uint8Array {
  const may = new Uint8Array(ascii);
  const seen = new Set<number>();
  const todo = [0];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = program[at]!;
    if (step.is === 'match') return may.fill(1);
    if (step.is === 'jump') todo.push(step.to);
    else if (step.is === 'split') todo.push(step.first, step.second);
    else if (step.is !== 'char') todo.push(at + 1);
    else
      for (let code = 0; code < ascii; code++)
        if (takes(step.set, String.fromCharCode(code), ignoresCase)) may[code] = 1;
  }
  return may;
}

/**
 * The places of the best match, by slot; -1 where a group took nothing. Null for no match. All ways are followed at once, character by character, the preferred ones first
 * (Pike's matcher). Throws `bad-input` for too much work.
 */
export function search(machine: Machine, text: string, from: number, budget: Budget): Int32Array | null {
  const { program, mayBegin, ignoresCase, groups } = machine;
  /** By step: the place in the text where it was taken up last, so that each is followed once. */
  const seenAt = new Int32Array(program.length).fill(-1);

  const follow = (threads: Thread[], start: number, slots: Int32Array, at: number): void => {
    const todo: Thread[] = [{ step: start, slots }];
    for (let next = todo.pop(); next; next = todo.pop()) {
      if (seenAt[next.step] === at) continue;
      seenAt[next.step] = at;
      if (--budget.left < 0) throw tooMuch();
      const step = program[next.step]!;
      if (step.is === 'jump') todo.push({ step: step.to, slots: next.slots });
      else if (step.is === 'split')
        todo.push({ step: step.second, slots: next.slots }, { step: step.first, slots: next.slots });
      else if (step.is === 'save') {
        const noted = next.slots.slice();
        noted[step.slot] = at;
        todo.push({ step: next.step + 1, slots: noted });
      } else if (step.is === 'at') {
        if (isPlace(step.what, text, at)) todo.push({ step: next.step + 1, slots: next.slots });
      } else threads.push(next);
    }
  };

  let found: Int32Array | null = null;
  let threads: Thread[] = [];
  const nothing = new Int32Array(groups * 2).fill(-1);
  for (let at = from; at <= text.length;) {
    if (threads.length === 0) {
      if (found) break;
      if (mayBegin[text.charCodeAt(at)] === 0) {
        at++;
        continue;
      }
    }
    if (!found) follow(threads, 0, nothing, at);
    const char = charAt(text, at);
    const after = at + (char.length || 1);
    const next: Thread[] = [];
    for (const { step: index, slots } of threads) {
      const step = program[index]!;
      if (step.is === 'match') {
        found = slots;
        break;
      }
      if (--budget.left < 0) throw tooMuch();
      if (step.is === 'char' && char && takes(step.set, char, ignoresCase))
        follow(next, index + 1, slots, after);
    }
    threads = next;
    at = after;
  }
  return found;
}

/** The character there, by code points; '' at the end. */
export const charAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

function takes(set: CharSet, char: string, ignoresCase: boolean): boolean {
  if (!ignoresCase) return isInSet(set, char.codePointAt(0)!);
  // A class that leaves a letter out leaves it out in both cases.
  const both = [char.toLowerCase(), char.toUpperCase()].filter((each) => each.length === char.length);
  const isIn = both.some((each) => isInSet({ ranges: set.ranges, isNegated: false }, each.codePointAt(0)!));
  return isIn !== set.isNegated;
}

function isPlace(what: PatternPlace, text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  if (what === 'line start') return at === 0 || isLineEnd(before);
  if (what === 'line end') return at === text.length || isLineEnd(after);
  const isEdge = isWordChar(before) !== isWordChar(after);
  return isEdge === (what === 'word edge');
}

const tooMuch = () =>
  new WarroomError(
    'bad-input',
    'The text is too long for this pattern.',
    'Read less of it at a time, or write a pattern with fewer alternatives and repetitions.',
  );
