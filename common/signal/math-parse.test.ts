import { describe, expect, it } from 'vitest';
import { WarroomError } from '../lib/errors.ts';
import { parseMath } from './math-parse.ts';

/** The text with the place that the error points at in «», and what it says. */
function problemOf(text: string): [marked: string, message: string] {
  try {
    parseMath(text);
  } catch (error) {
    if (!(error instanceof WarroomError)) throw error;
    const { at, length } = error.data as { at: number; length: number };
    return [`${text.slice(0, at)}«${text.slice(at, at + length)}»${text.slice(at + length)}`, error.message];
  }
  return [text, 'nothing wrong'];
}

describe('an expression', () => {
  it('is read with its name, its channels once each, and precedence', () => {
    const { name, root, inputs } = parseMath('weight = [a/w] + 2 × [b/w] - [a/w]');
    expect(name).toBe('weight');
    expect(inputs).toEqual(['a/w', 'b/w']);
    expect(root).toEqual({
      is: '-',
      left: {
        is: '+',
        left: { is: 'channel', input: 0 },
        right: { is: '*', left: { is: 'number', value: 2 }, right: { is: 'channel', input: 1 } },
      },
      right: { is: 'channel', input: 0 },
    });
  });

  it('takes signs as they are typed and printed', () => {
    expect(parseMath('−[a/w]÷2·3').root).toEqual(parseMath('-[a/w] / 2 * 3').root);
    expect(parseMath('[a/w] * (1.5e3 + .5)').root).toMatchObject({ right: { left: { value: 1500 } } });
  });

  it('has functions with their constants', () => {
    expect(parseMath('avg(d([a/w]), 0.5)').root).toEqual({
      is: 'call',
      name: 'avg',
      of: [{ is: 'call', name: 'd', of: [{ is: 'channel', input: 0 }], parameter: NaN }],
      parameter: 0.5,
    });
  });
});

describe('what is wrong is pointed at', () => {
  it.each([
    [
      '[a/w] + ',
      '[a/w] + «»',
      'a number, a channel as [cell-a/weight] or a function is expected, not the end',
    ],
    ['[a/w] ] 2', '[a/w] «]» 2', '] is not expected here'],
    ['[a/w', '«[»a/w', '[ is not expected here'],
    ['[a/w] [b/w]', '[a/w] «[b/w]»', 'an operator or the end is expected, not [b/w]'],
    ['[aw] + 1', '«[aw]» + 1', '[aw] is no channel'],
    ['sin([a/w])', '«sin»([a/w])', 'sin is no function'],
    ['constructor([a/w])', '«constructor»([a/w])', 'constructor is no function'],
    ['abs [a/w]', 'abs «[a/w]»', '( after abs: abs(x) is expected'],
    ['abs([a/w], 2)', '«abs»([a/w], 2)', 'abs is written abs(x)'],
    ['max([a/w])', '«max»([a/w])', 'max is written max(x, y, …)'],
    ['avg([a/w])', '«avg»([a/w])', 'avg is written avg(x, seconds)'],
    ['avg([a/w], [b/w])', 'avg([a/w], «[b/w]»)', 'seconds is a number from 0.001 to 600'],
    ['delay([a/w], 601)', 'delay([a/w], «601»)', 'seconds is a number from 0.001 to 600'],
    ['median([a/w], 2.5)', 'median([a/w], «2.5»)', 'samples is a whole number from 1 to 1001'],
    ['2 * ([a/w] + 1', '2 * «(»[a/w] + 1', 'This ( is not closed'],
    ['([a/w] 1)', '([a/w] «1»)', 'an operator or ) is expected, not 1'],
    ['1 + 2', '«1 + 2»', 'It reads no channel'],
    ['[a/w] + 1e999', '[a/w] + «1e999»', '1e999 is too large'],
    ['[a/w] & 1', '[a/w] «&» 1', '& is not expected here'],
    ['a = b = [a/w]', 'a = «b» = [a/w]', 'b is no function'],
  ])('%s', (text, marked, message) => {
    const [where, said] = problemOf(text);
    expect(where).toBe(marked);
    expect(said).toContain(message);
  });

  it('it is too deep, too long or reads too many channels', () => {
    expect(problemOf(`${'('.repeat(31)}[a/w]${')'.repeat(31)}`)[1]).toBe('nothing wrong');
    expect(problemOf(`${'('.repeat(32)}[a/w]${')'.repeat(32)}`)[1]).toContain('over 32 deep');
    expect(problemOf(`${'-'.repeat(40)}[a/w]`)[1]).toContain('over 32 deep');
    expect(problemOf(`[a/w]${'+1'.repeat(250)}`)[1]).toContain('at most 500 characters');
    const channels = (count: number) => Array.from({ length: count }, (_, i) => `[a/${i}]`).join('+');
    expect(problemOf(channels(16))[1]).toBe('nothing wrong');
    expect(problemOf(channels(17))[1]).toContain('more than 16 channels');
  });
});

it('any text is read, or told what is wrong with it', () => {
  let seed = 3;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const parts = [
    '[a/w]',
    '[',
    ']',
    '(',
    ')',
    ',',
    '+',
    '-',
    '*',
    '/',
    '1',
    '2.5',
    'avg',
    'd',
    '=',
    'x',
    ' ',
    'é',
    '😀',
  ];
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: random(14) }, () => parts[random(parts.length)]).join('');
    const [, message] = problemOf(text);
    expect(message).toMatch(/^At character \d+: .|^nothing wrong$/);
  }
});
