/** Sets of characters of a pattern: `[a-z_]`, `\d`, `.`. */

/** `ranges`: first and last code point of each, both included. */
export interface CharSet {
  ranges: readonly number[];
  isNegated: boolean;
}

const digit = [48, 57];
const word = [48, 57, 65, 90, 95, 95, 97, 122];
/** As \s of JavaScript. */
const space = [
  9, 13, 32, 32, 160, 160, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
];
const lineEnds = [10, 10, 13, 13, 0x2028, 0x2029];
const one = (code: number): CharSet => ({ ranges: [code, code], isNegated: false });

export const classes = {
  dot: { ranges: lineEnds, isNegated: true } satisfies CharSet,
  escaped: {
    d: { ranges: digit, isNegated: false },
    D: { ranges: digit, isNegated: true },
    w: { ranges: word, isNegated: false },
    W: { ranges: word, isNegated: true },
    s: { ranges: space, isNegated: false },
    S: { ranges: space, isNegated: true },
    t: one(9),
    n: one(10),
    r: one(13),
  } as Record<string, CharSet>,
};

export function isInSet({ ranges, isNegated }: CharSet, code: number): boolean {
  for (let i = 0; i < ranges.length; i += 2)
    if (code >= ranges[i]! && code <= ranges[i + 1]!) return !isNegated;
  return isNegated;
}

export const isWordChar = (code: number): boolean => isInSet(classes.escaped.w!, code);
export const isLineEnd = (code: number): boolean => !isInSet(classes.dot, code);

/**
 * Reads what stands after `[`. `set` is a text where something is wrong: what, at `end`. An `end` behind the text says that it
 * is not closed.
 */
export function readClass(text: string, from: number): { set: CharSet | string; end: number } {
  let at = from;
  const isNegated = text[at] === '^';
  if (isNegated) at++;
  const ranges: number[] = [];
  for (;;) {
    const first = readMember(text, at);
    if (typeof first === 'string') return { set: first, end: at };
    if (first === null) break;
    at = first.end;
    const isRange = text[at] === '-' && at + 1 < text.length && text[at + 1] !== ']';
    if (!isRange) {
      ranges.push(...first.ranges);
      continue;
    }
    const last = readMember(text, at + 1);
    if (typeof last === 'string') return { set: last, end: at + 1 };
    const [low, high] = [singleOf(first), singleOf(last)];
    if (low === null || high === null || high < low)
      return { set: 'a range goes from one character to a later one.', end: at };
    ranges.push(low, high);
    at = last!.end;
  }
  if (at < text.length && ranges.length === 0)
    return { set: 'a class names at least one character.', end: at };
  return { set: { ranges, isNegated }, end: at + 1 };
}

interface Member {
  ranges: readonly number[];
  end: number;
}

const singleOf = (member: Member | null): number | null =>
  member?.ranges.length === 2 && member.ranges[0] === member.ranges[1] ? member.ranges[0]! : null;

/** One character or `\d` and the like; null at the end of the class or of the text. */
function readMember(text: string, at: number): Member | string | null {
  const code = text.codePointAt(at);
  if (code === undefined || text[at] === ']') return null;
  const char = String.fromCodePoint(code);
  if (char !== '\\') return { ranges: [code, code], end: at + char.length };
  const next = text[at + 1] ?? '';
  if (Object.hasOwn(classes.escaped, next)) {
    const { ranges, isNegated } = classes.escaped[next]!;
    return isNegated ? `\\${next} can't stand in a class.` : { ranges, end: at + 2 };
  }
  if (next === '' || /[\w\s]/.test(next)) return `\\${next} means nothing here.`;
  return { ranges: [next.charCodeAt(0), next.charCodeAt(0)], end: at + 2 };
}
