import { describe, expect, it } from 'vitest';
import type { WarroomError } from '../lib/errors.ts';
import { compilePattern } from './pattern.ts';

describe('a pattern', () => {
  it('finds the first match and what its named groups took', () => {
    const pattern = compilePattern('(?<done>\\d+) of (?<all>\\d+)( parts)?');
    expect(pattern.groups).toEqual(['done', 'all']);
    expect(pattern.first('said: 87 of 200 parts, then 3 of 4')).toEqual({
      at: 6,
      text: '87 of 200 parts',
      groups: { done: '87', all: '200' },
    });
    expect(pattern.first('87 from 200')).toBeNull();
  });

  it('finds all of them, up to a number, and goes on after an empty one', () => {
    const texts = (pattern: string, text: string, most = 9) =>
      compilePattern(pattern)
        .all(text, most)
        .map((match) => match.text);
    expect(texts('\\d+', 'a1b22c333')).toEqual(['1', '22', '333']);
    expect(texts('\\d+', 'a1b22c333', 2)).toEqual(['1', '22']);
    expect(texts('x*', 'axx😀')).toEqual(['', 'xx', '', '']);
  });

  it('knows lines: ^ and $ are those of each, and . stays within one', () => {
    const text = 'INFO up\nERROR lost\r\nINFO up';
    expect(compilePattern('^ERROR .*$').first(text)?.text).toBe('ERROR lost');
    expect(compilePattern('^up').first(text)).toBeNull();
  });

  it('ignores case where it begins with (?i)', () => {
    expect(compilePattern('(?i)done[.!]').first('It is DONE!')?.text).toBe('DONE!');
    expect(compilePattern('(?i)[^d]one').first('Done tone')?.text).toBe('tone');
    expect(compilePattern('done').first('DONE')).toBeNull();
  });

  it('takes a sign beyond the basic plane as one', () => {
    expect(compilePattern('^.$').first('😀')?.text).toBe('😀');
    expect(compilePattern('[😀-😃]{2}').first('x😁😂')?.text).toBe('😁😂');
  });
});

describe('what a pattern can not hold is said, with its place', () => {
  it.each([
    ['(a+)+\\1', 5, 'no back-references'],
    ['(?<n>a)\\k<n>', 7, 'no back-references'],
    ['(?=a)', 0, 'no looking ahead'],
    ['(?<!a)b', 0, 'no looking ahead'],
    ['(a*)*', 0, 'must not match nothing'],
    ['(|a)+', 0, 'must not match nothing'],
    ['(a', 0, 'this ( is not closed'],
    ['a)', 1, 'this ) closes nothing'],
    ['[a', 0, 'this [ is not closed'],
    ['[]', 1, 'at least one character'],
    ['[z-a]', 2, 'to a later one'],
    ['[a-\\d]', 2, 'to a later one'],
    ['[\\W]', 1, "can't stand in a class"],
    ['*a', 0, 'nothing before *'],
    ['a**', 2, 'one repetition follows'],
    ['a{2', 1, '{ is written'],
    ['a{3,2}', 1, 'from 0 to 1000'],
    ['a{1,5000}', 1, 'from 0 to 1000'],
    ['\\q', 0, 'means nothing here'],
    ['a\\', 1, 'stands at the end'],
    ['(?<a>x)(?<a>y)', 7, 'two groups are called a'],
    ['a'.repeat(201), 200, 'at most 200'],
    ['('.repeat(21) + 'a' + ')'.repeat(21), 20, 'at most 20 groups'],
    ['(?:'.repeat(21) + 'a' + ')'.repeat(21), 60, 'over 20 deep'],
  ])('%s', (text, at, message) => {
    try {
      compilePattern(text);
    } catch (error) {
      expect((error as Error).message).toContain(message);
      expect((error as WarroomError).data).toEqual({ at });
      return;
    }
    throw new Error('It was taken.');
  });

  it('repetitions that multiply up', () => {
    expect(() => compilePattern('((a{100}){100}){100}')).toThrow('repeats too much');
  });
});

describe('hostile patterns and texts', () => {
  // A matcher that goes back would need more than the age of the universe for each.
  it.each([
    ['(x+x+)+y', 'x'],
    ['(a|a|ab?)+c', 'a'],
    ['(.+.+.+.+.+)+\\d', 'z'],
    ['^(\\s*\\w+\\s*)+$', 'w '],
  ])('%s is done in time', (pattern, part) => {
    const text = `${part.repeat(5000)}!`;
    expect(compilePattern(pattern).first(text)).toBeNull();
  });

  it('refuse a text that is too much, and never say that it does not match', () => {
    const pattern = compilePattern('[a-z]{0,900}Z');
    expect(() => pattern.first('a'.repeat(1_000_000))).toThrow('too long for this pattern');
    // Each match is found at once, and then looked for a longer one to the end of the text.
    const many = compilePattern('a(\\w*b)?');
    expect(() => many.all('a'.repeat(10_000), 10_000)).toThrow('too long for this pattern');
  });
});

/** Small whole numbers that look random and are the same in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

it('agrees with the regular expressions of JavaScript', () => {
  const random = seeded(11);
  const atoms = ['a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\b', '^', '$', '\\n', 'é'];
  const times = ['', '', '', '?', '*', '+', '*?', '+?', '{2}', '{1,2}', '{0,2}?', '{1,}'];
  const pick = (list: string[]) => list[random(list.length)]!;
  const expression = (depth: number): string =>
    Array.from({ length: 1 + random(3) }, () => {
      if (depth === 0 || random(3) > 0) {
        const atom = pick(atoms);
        return '\\b^$'.includes(atom) ? atom : atom + pick(times);
      }
      const inner = `${expression(depth - 1)}${random(2) ? `|${expression(depth - 1)}` : ''}`;
      return `(?:${inner})${pick(times)}`;
    }).join('');
  let compared = 0;
  for (let i = 0; i < 1500; i++) {
    const source = expression(2);
    let pattern;
    try {
      pattern = compilePattern(source);
    } catch (error) {
      expect((error as Error).message, source).toMatch(/must not match nothing|at most 200/);
      continue;
    }
    const other = new RegExp(source, 'mu');
    for (let k = 0; k < 5; k++) {
      const text = Array.from({ length: random(9) }, () => pick(['a', 'b', '1', '\n', ' ', 'é'])).join('');
      const match = pattern.first(text);
      const theirs = other.exec(text);
      expect([match?.at, match?.text], `${source} on ${JSON.stringify(text)}`).toEqual([
        theirs?.index,
        theirs?.[0],
      ]);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(2500);
});
