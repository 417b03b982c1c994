/** The tree of paths while payloads are read: as `PathShape`, with children by key. */
import type { Random } from '../signal/statistics/random.ts';
import { createRandom, seedOf } from '../signal/statistics/random.ts';
import { cutText } from '../lib/cut-text.ts';
import type { PathShape } from './facts.ts';
import { shapeLimits } from './facts.ts';
import { mergeLists, mergeNumbers, mergeStrings } from './gather.ts';

/** Keys of children that stand for many: no member of JSON is a symbol. */
export const anyItem = '[*]';
export const anyMember = '{*}';

/** A child's key as it stands in a path: a member behind a dot or in quotes, the rest in brackets. */
export type Step = `.${string}` | `[${string}]` | typeof anyMember;

export interface Node {
  facts: PathShape;
  children: Map<Step, Node>;
  /** The number before, to count falls. */
  last: number;
  random: Random;
  /** Members came to be too many: they are known together. */
  isMap: boolean;
}

/** A member's step: quoted where it is no plain name, and never longer than the bound. */
export function memberStep(name: string): Step {
  const short = cutText(name, shapeLimits.text);
  return /^[A-Za-z_][\w-]*$/.test(short) ? `.${short}` : `[${JSON.stringify(short)}]`;
}

export const placeStep = (place: number): Step => `[${place}]`;

export function createNode(parent: Node | null, step: Step | '', key: string | number): Node {
  const path =
    parent?.facts.path === '' && step.startsWith('.') ? step.slice(1) : `${parent?.facts.path ?? ''}${step}`;
  return {
    facts: {
      path,
      parent: parent ? parent.facts.path : null,
      key,
      seen: 0,
      types: {},
      numbers: null,
      strings: null,
      lists: null,
    },
    children: new Map(),
    last: NaN,
    random: createRandom(seedOf(path)),
    isMap: false,
  };
}

/** Adds what is known at one path, and below it, to another; `child` makes a missing child or says that there is no room. */
export function mergeNode(
  into: Node,
  from: Node,
  child: (parent: Node, step: Step, key: string | number) => Node | null,
): void {
  mergeFacts(into, from.facts);
  for (const [step, source] of from.children) {
    const target = child(into, step, source.facts.key);
    if (target) mergeNode(target, source, child);
  }
}

function mergeFacts({ facts: into, random }: Node, from: PathShape): void {
  into.seen += from.seen;
  for (const [type, count] of Object.entries(from.types) as [keyof PathShape['types'], number][])
    into.types[type] = (into.types[type] ?? 0) + count;
  into.numbers =
    into.numbers && from.numbers
      ? mergeNumbers(into.numbers, from.numbers, random)
      : (into.numbers ?? structuredClone(from.numbers));
  into.strings =
    into.strings && from.strings
      ? mergeStrings(into.strings, from.strings)
      : (into.strings ?? structuredClone(from.strings));
  into.lists =
    into.lists && from.lists
      ? mergeLists(into.lists, from.lists)
      : (into.lists ?? structuredClone(from.lists));
}
