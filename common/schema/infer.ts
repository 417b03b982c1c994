import { cutText } from '../lib/cut-text.ts';
import type { Shape } from './facts.ts';
import { shapeLimits, typeOf } from './facts.ts';
import { addList, addNumber, addString, noLists, noNumbers, noStrings } from './gather.ts';
import type { Node, Step } from './node.ts';
import { anyItem, anyMember, createNode, memberStep, mergeNode, placeStep } from './node.ts';

export interface Shaper {
  /** Reads one payload: parsed JSON, of any size and depth. */
  add(payload: unknown): void;
  /** Adds what another shape knows. */
  merge(other: Shape): void;
  payloads(): number;
  /** What is known so far. More may be added after. */
  shape(): Shape;
}

/** Learns what payloads look like, in memory that has a bound whatever they are (`shapeLimits`). */
export function createShaper(): Shaper {
  const root = createNode(null, '', '');
  let [paths, payloads, passed, left] = [1, 0, 0, 0];

  function child(parent: Node, step: Step, key: string | number): Node | null {
    const wanted = parent.isMap && typeof key === 'string' && step !== anyItem ? anyMember : step;
    const known = parent.children.get(wanted);
    if (known) return known;
    if (paths >= shapeLimits.paths) return null;
    const made = createNode(parent, wanted, wanted === anyMember ? '*' : key);
    parent.children.set(wanted, made);
    paths++;
    return made;
  }

  /** Members known by name become one: their names are data. */
  function makeMap(node: Node): void {
    const named = [...node.children].filter(([, { facts }]) => typeof facts.key === 'string');
    const members = named.filter(([step]) => step !== anyItem);
    for (const [step, member] of members) {
      node.children.delete(step);
      paths -= sizeOf(member);
    }
    node.isMap = true;
    for (const [, member] of members) {
      const target = child(node, anyMember, '*');
      if (target) mergeNode(target, member, child);
    }
  }

  function visit(node: Node, value: unknown, depth: number): void {
    const type = typeOf(value);
    if (left === 0 || !type) {
      passed++;
      return;
    }
    left--;
    const { facts } = node;
    facts.seen++;
    facts.types[type] = (facts.types[type] ?? 0) + 1;
    if (typeof value === 'number') {
      addNumber((facts.numbers ??= noNumbers()), value, node.last, node.random);
      node.last = value;
    } else if (typeof value === 'string') addString((facts.strings ??= noStrings()), value);
    else if (typeof value === 'object' && value !== null) {
      if (depth === shapeLimits.depth) passed++;
      else if (Array.isArray(value)) visitList(node, value, depth);
      else visitObject(node, value as Record<string, unknown>, depth);
    }
  }

  function visitObject(node: Node, value: Record<string, unknown>, depth: number): void {
    for (const name of Object.keys(value)) {
      const step = memberStep(name);
      if (!node.isMap && !node.children.has(step) && node.children.size >= shapeLimits.members) makeMap(node);
      visitChild(node, step, cutText(name, shapeLimits.text), value[name], depth);
      if (left === 0) break;
    }
  }

  function visitList(node: Node, list: unknown[], depth: number): void {
    addList((node.facts.lists ??= noLists()), list.length);
    const { shortest, longest } = node.facts.lists;
    const isRow =
      list.length <= shapeLimits.places && list.every((item) => typeof item !== 'object' || item === null);
    if (shortest !== longest || !isRow) dropPlaces(node);
    else list.forEach((item, place) => visitChild(node, placeStep(place), place, item, depth));
    const looked = Math.min(list.length, shapeLimits.items);
    for (let i = 0; i < looked; i++)
      visitChild(node, anyItem, '*', list[Math.floor((i * list.length) / looked)], depth);
    passed += list.length - looked;
  }

  /** Lists of different lengths, or of objects, have items, not places. */
  function dropPlaces(node: Node): void {
    for (const [step, { facts }] of node.children)
      if (typeof facts.key === 'number') {
        node.children.delete(step);
        paths--;
      }
  }

  function visitChild(parent: Node, step: Step, key: string | number, value: unknown, depth: number): void {
    const node = child(parent, step, key);
    if (node) visit(node, value, depth + 1);
    else passed++;
  }

  return {
    add(payload) {
      payloads++;
      left = shapeLimits.values;
      visit(root, payload, 0);
    },
    merge(other) {
      payloads += other.payloads;
      passed += other.passed;
      const from = treeOf(other);
      if (!from) return;
      mergeNode(root, from, child);
      eachNode(root, (node) => {
        const named = [...node.children.values()].filter(({ facts }) => typeof facts.key === 'string');
        if (!node.isMap && (named.length > shapeLimits.members || node.children.has(anyMember)))
          makeMap(node);
        const { lists } = node.facts;
        if (lists && lists.shortest !== lists.longest) dropPlaces(node);
      });
    },
    payloads: () => payloads,
    shape() {
      const all: Shape['paths'] = [];
      if (payloads > 0) eachNode(root, ({ facts }) => all.push(structuredClone(facts)));
      return { kind: 'shape', payloads, passed, paths: all };
    },
  };
}

/** Two shapes as one. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  const shaper = createShaper();
  shaper.merge(a);
  shaper.merge(b);
  return shaper.shape();
}

function eachNode(node: Node, use: (node: Node) => void): void {
  use(node);
  for (const child of node.children.values()) eachNode(child, use);
}

function sizeOf(node: Node): number {
  let size = 0;
  eachNode(node, () => size++);
  return size;
}

/** The tree of a stored shape; null of an empty one. Paths whose parent is not there are left out. */
function treeOf(shape: Shape): Node | null {
  const nodes = new Map<string, Node>();
  for (const facts of shape.paths) {
    const parent = facts.parent === null ? null : nodes.get(facts.parent);
    if (parent === undefined) continue;
    const step = parent ? stepIn(facts.path, parent.facts.path) : '';
    const node = createNode(parent, step, facts.key);
    node.facts = structuredClone({ ...facts, path: node.facts.path, parent: node.facts.parent });
    node.isMap = false;
    if (parent) parent.children.set(step as Step, node);
    nodes.set(facts.path, node);
  }
  return nodes.get('') ?? null;
}

function stepIn(path: string, parent: string): Step {
  const step = path.slice(parent.length);
  return (parent === '' && !/^[[{]/.test(step) ? `.${step}` : step) as Step;
}
