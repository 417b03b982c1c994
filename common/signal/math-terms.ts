/** The parts of an expression as they are computed, from moment to moment. */
import { Sum } from './measure-statistics.ts';
import type { FunctionName, MathNode } from './math-parse.ts';

/** One part of an expression. Moments rise. */
export interface Term {
  /** Bit i: it reads input i. */
  reads: number;
  /** Its value at `time` (microseconds), when the inputs of the bits `changed` have new samples; NaN while there is none. */
  at(time: number, changed: number): number;
  /** Data is missing: what it remembers is not joined to what comes. */
  reset(): void;
}

const second = 1e6;
/** Values that one term remembers at most; then the oldest go. */
const mostRemembered = 100_000;

/** `held[i]`: the value of input i. */
export function termOf(node: MathNode, held: Float64Array): Term {
  switch (node.is) {
    case 'number':
      return { reads: 0, at: () => node.value, reset() {} };
    case 'channel':
      return { reads: 1 << node.input, at: () => held[node.input]!, reset() {} };
    case 'negate':
      return over([termOf(node.of, held)], ([value]) => -value!);
    case 'call':
      return call(
        node.name,
        node.of.map((each) => termOf(each, held)),
        node.parameter,
      );
    default:
      return over([termOf(node.left, held), termOf(node.right, held)], operators[node.is]);
  }
}

const operators: Record<'+' | '-' | '*' | '/', (values: number[]) => number> = {
  '+': ([a, b]) => a! + b!,
  '-': ([a, b]) => a! - b!,
  '*': ([a, b]) => a! * b!,
  '/': ([a, b]) => a! / b!,
};

function over(terms: Term[], compute: (values: number[]) => number): Term {
  const values = new Array<number>(terms.length).fill(NaN);
  return {
    reads: terms.reduce((bits, term) => bits | term.reads, 0),
    at(time, changed) {
      for (let i = 0; i < terms.length; i++) values[i] = terms[i]!.at(time, changed);
      return compute(values);
    },
    reset: () => terms.forEach((term) => term.reset()),
  };
}

function call(name: FunctionName, terms: Term[], parameter: number): Term {
  const [first] = terms;
  switch (name) {
    case 'abs':
      return over(terms, ([value]) => Math.abs(value!));
    case 'min':
      return over(terms, (values) => Math.min(...values));
    case 'max':
      return over(terms, (values) => Math.max(...values));
    case 'avg':
      return remembering(first!, averageOver(parameter * second));
    case 'median':
      return remembering(first!, medianOfLast(parameter));
    case 'd':
      return remembering(first!, derivative());
    case 'delay':
      return remembering(first!, delayBy(parameter * second));
  }
}

/** What a term remembers of its argument. */
interface Memory {
  /** A new value of the argument. */
  add(time: number, value: number): void;
  read(time: number): number;
  clear(): void;
}

/**
 * Takes the argument's value only when one of the argument's own inputs has a new sample: the moments of other channels
 * would count it twice, and its slope would be nothing there.
 */
function remembering(term: Term, memory: Memory): Term {
  return {
    reads: term.reads,
    at(time, changed) {
      const value = term.at(time, changed);
      if ((changed & term.reads) !== 0 && Number.isFinite(value)) memory.add(time, value);
      return memory.read(time);
    },
    reset() {
      term.reset();
      memory.clear();
    },
  };
}

/** Values with their times, oldest first. */
class Queue {
  private times: number[] = [];
  private values: number[] = [];
  private start = 0;

  get length(): number {
    return this.times.length - this.start;
  }

  get firstTime(): number {
    return this.times[this.start] ?? Infinity;
  }

  add(time: number, value: number): void {
    this.times.push(time);
    this.values.push(value);
  }

  shift(): number {
    const value = this.values[this.start++]!;
    // Moving what is left once in a while costs less than moving it each time.
    if (this.start > 1024 && this.start * 2 > this.times.length) {
      this.times = this.times.slice(this.start);
      this.values = this.values.slice(this.start);
      this.start = 0;
    }
    return value;
  }
}

/** The mean of what came in (time − span, time]. */
function averageOver(span: number): Memory {
  let queue = new Queue();
  let sum = new Sum();
  return {
    add(time, value) {
      queue.add(time, value);
      sum.add(value);
      if (queue.length > mostRemembered) sum.add(-queue.shift());
    },
    read(time) {
      while (queue.firstTime <= time - span) sum.add(-queue.shift());
      if (queue.length > 0) return sum.value / queue.length;
      sum = new Sum();
      return NaN;
    },
    clear() {
      queue = new Queue();
      sum = new Sum();
    },
  };
}

/** Of the last `count` values, kept in order beside. */
function medianOfLast(count: number): Memory {
  let values: number[] = [];
  let sorted: number[] = [];
  return {
    add(_, value) {
      values.push(value);
      sorted.splice(placeIn(sorted, value), 0, value);
      if (values.length > count) sorted.splice(placeIn(sorted, values.shift()!), 1);
    },
    read() {
      const middle = sorted.length >> 1;
      if (sorted.length % 2 === 1) return sorted[middle]!;
      return (sorted[middle - 1]! + sorted[middle]!) / 2;
    },
    clear() {
      values = [];
      sorted = [];
    },
  };
}

/** Number of the first value that is not below `value`. */
function placeIn(sorted: number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the last two values, a second. */
function derivative(): Memory {
  let [before, last, slope] = [NaN, NaN, NaN];
  return {
    add(time, value) {
      slope = ((value - last) * second) / (time - before);
      [before, last] = [time, value];
    },
    read: () => slope,
    clear: () => ([before, last, slope] = [NaN, NaN, NaN]),
  };
}

/** What was in force `span` before. */
function delayBy(span: number): Memory {
  let queue = new Queue();
  let value = NaN;
  return {
    add(time, next) {
      queue.add(time, next);
      if (queue.length > mostRemembered) queue.shift();
    },
    read(time) {
      while (queue.firstTime <= time - span) value = queue.shift();
      return value;
    },
    clear() {
      queue = new Queue();
      value = NaN;
    },
  };
}
