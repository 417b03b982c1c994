/**
 * Paths into JSON, in a small form that can be read in bounded time: `boxes[0].score`, `items[*].label`, `["odd name"]`, and
 * `$` for the whole. A dotted number (`boxes.0`) is an item of a list too. Nothing else: no filters, no `..`, no slices.
 */
import { WarroomError } from '../lib/errors.ts';

export type PathStep =
  | { is: 'member'; name: string }
  | { is: 'item'; index: number }
  /** `[*]`: each item of a list. */
  | { is: 'every' };

export interface JsonPath {
  text: string;
  steps: PathStep[];
}

export const longestPath = 200;
const deepest = 20;
/** Values that one path gives at most: what lies behind them is left out, and a reader that minds counts. */
export const mostValues = 100_000;

const firstName = /\$|[^\s.[\]"'*$][^\s.[\]"']*/y;
const laterName = /[^\s.[\]"'*]+/y;
const bracket = /\[(?:(\d{1,9})|(\*)|"([^"\\]{1,100})")\]/y;

/** Throws `bad-input` that says where (`data.at`, characters from 0) and what was expected there. */
export function parseJsonPath(text: string): JsonPath {
  if (text.length > longestPath) throw problem(longestPath, `a path has at most ${longestPath} characters.`);
  const { steps, end } = takePath(text, 0, firstName, laterName);
  if (end < text.length) throw problem(end, `${shown(text, end)} is not expected here.`);
  return { text, steps };
}

/** Reads a path from `from` on, as far as one goes. `first` and `later`: what a name may be (sticky). */
export function takePath(
  text: string,
  from: number,
  first: RegExp,
  later: RegExp,
): { steps: PathStep[]; end: number } {
  const steps: PathStep[] = [];
  let at = from;
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match) at = form.lastIndex;
    return match;
  };
  const add = (step: PathStep, start: number) => {
    if (steps.push(step) > deepest) throw problem(start, `a path has at most ${deepest} steps.`);
  };
  const start = take(first);
  if (start && start[0] !== '$') add({ is: 'member', name: start[0] }, from);
  else if (!start && text[at] !== '[') throw problem(at, `a name is expected, not ${shown(text, at)}.`);
  for (;;) {
    const before = at;
    if (text[at] === '[') {
      const match = take(bracket);
      if (!match) throw problem(at, '[0], [*] or ["name"] is expected here.');
      add(stepOf(match), before);
    } else if (text[at] === '.') {
      at++;
      const name = take(later);
      if (!name) throw problem(at, `a name is expected after the dot, not ${shown(text, at)}.`);
      add({ is: 'member', name: name[0] }, before);
    } else return { steps, end: at };
  }
}

function stepOf([, index, every, name]: RegExpExecArray): PathStep {
  if (index !== undefined) return { is: 'item', index: Number(index) };
  return every ? { is: 'every' } : { is: 'member', name: name! };
}

/** Every value that lies there, in order; none where nothing does. Own members only. */
export function valuesAt(json: unknown, steps: readonly PathStep[]): unknown[] {
  let found: unknown[] = [json];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of found) {
      for (const each of below(value, step)) {
        if (next.length === mostValues) break;
        next.push(each);
      }
    }
    found = next;
  }
  return found;
}

function below(value: unknown, step: PathStep): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step.is === 'every') return Array.isArray(value) ? value : [];
  const name = step.is === 'item' ? step.index : step.name;
  if (step.is === 'item' && !Array.isArray(value)) return [];
  // Of a list only its items: its length is no member of the JSON.
  if (Array.isArray(value) && !/^\d+$/.test(String(name))) return [];
  return Object.hasOwn(value, name) ? [(value as Record<string | number, unknown>)[name]] : [];
}

function shown(text: string, at: number): string {
  const char = [...text.slice(at, at + 2)][0];
  return char ?? 'the end';
}

function problem(at: number, message: string): WarroomError {
  return new WarroomError('bad-input', `At character ${at + 1}: ${message}`, 'Write it as items[0].label.', {
    at,
  });
}
