import { seeded } from './seeded.ts';

/** Damages lines as lines, firmware and cables do, and worse. The same seed does the same. */
export interface Mutator {
  /** What becomes of `line`, with one to three kinds of damage: a view that is good until the next call. */
  mutate(line: Uint8Array): Uint8Array;
}

const longest = 4_000;
const encode = (text: string) => new TextEncoder().encode(text);
const insertions = [
  ...['nan', '-inf', '1e999', '-1e-999', '0x7f', '+-1', '..', ',,', ';', '\t \t', '\r', '\n', '\0', '--'],
  ...['9'.repeat(16), '9'.repeat(400), '0'.repeat(300), `-${'1'.repeat(25)}.${'7'.repeat(25)}`],
  ...['4294967296', '9007199254740993', '-8388609', '16777216', '2147483648', '65536'],
  ...['§', '°C', 'é', '漢字', '😀', '\u202e', '\ufeff', '\u0000', '٣', '１２'],
  ...['[[[[', ']]', '{"a":{"a":', '((', '"', '%s%n', '../..', '__proto__:1', 'constructor:2'],
].map(encode);
const badUtf8 = [0xc0, 0x80, 0xed, 0xa0, 0x80, 0xff, 0xfe, 0xf5];

export function createMutator(seed: number): Mutator {
  const random = seeded(seed);
  const below = (count: number) => Math.floor(random() * count);
  const bytes = new Uint8Array(longest + 1_000);
  let length = 0;

  function insert(at: number, what: ArrayLike<number>): void {
    if (length + what.length > longest) return;
    bytes.copyWithin(at + what.length, at, length);
    bytes.set(what, at);
    length += what.length;
  }

  function remove(at: number, count: number): void {
    const taken = Math.min(count, length - at);
    bytes.copyWithin(at, at + taken, length);
    length -= taken;
  }

  const part = () => {
    const from = below(length + 1);
    return bytes.slice(from, from + below(length - from + 1));
  };

  const damages: (() => void)[] = [
    function flipBits() {
      for (let times = 1 + below(3); times > 0 && length > 0; times--) bytes[below(length)]! ^= 1 << below(8);
    },
    function cutEnd() {
      length = below(length + 1);
    },
    function cutStart() {
      remove(0, below(length + 1));
    },
    function loseBytes() {
      remove(below(length + 1), 1 + below(4));
    },
    function anyBytes() {
      for (let times = 1 + below(6); times > 0; times--) insert(below(length + 1), [below(256)]);
    },
    function strangeText() {
      insert(below(length + 1), insertions[below(insertions.length)]!);
    },
    function brokenUtf8() {
      insert(below(length + 1), [badUtf8[below(badUtf8.length)]!]);
    },
    function repeatPart() {
      insert(below(length + 1), part());
    },
    function nest() {
      for (let times = 1 + below(4); times > 0; times--) insert(below(length + 1), bytes.slice(0, length));
    },
    function otherDigits() {
      for (let at = 0; at < length; at++)
        if (bytes[at]! >= 48 && bytes[at]! <= 57 && random() < 0.5) bytes[at] = 48 + below(10);
    },
  ];

  return {
    mutate(line) {
      length = Math.min(line.length, longest);
      bytes.set(line.subarray(0, length));
      for (let times = 1 + below(3); times > 0; times--) damages[below(damages.length)]!();
      return bytes.subarray(0, length);
    },
  };
}
