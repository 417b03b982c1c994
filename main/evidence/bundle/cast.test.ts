import { describe, expect, it } from 'vitest';
import { castLines, parseTiming } from './cast.ts';

const head = 'H 0.000000 START_TIME 2026-01-01 00:00:00+00:00\nH 0.000000 COLUMNS 100\nH 0.000000 LINES 30\n';
const cast = (timing: string, bytes: Uint8Array, marks: { offset: number; entry: string }[] = []) =>
  [...castLines(parseTiming(head + timing), bytes, marks)].map((line) => JSON.parse(line) as unknown[]);
const output = (lines: unknown[][]) =>
  lines
    .slice(1)
    .filter(([, code]) => code === 'o')
    .map(([, , data]) => data)
    .join('');

describe('a cast', () => {
  it('has the size and start of the recording, and times since its start', () => {
    const lines = cast(
      'O 0.500000 2\nS 0.250000 SIGWINCH ROWS=40 COLS=120\nO 0.250000 1\n',
      Buffer.from('abc'),
    );
    expect(lines[0]).toEqual({ version: 2, width: 100, height: 30, timestamp: 1_767_225_600 });
    expect(lines.slice(1)).toEqual([
      [0.5, 'o', 'ab'],
      [0.75, 'r', '120x40'],
      [1, 'o', 'c'],
    ]);
  });

  it('keeps a character whole that came in two reads', () => {
    const bytes = Buffer.from('a€b');
    expect(output(cast('O 0.1 2\nO 0.1 3\n', bytes))).toBe('a€b');
  });

  it('shows what is no UTF-8 as U+FFFD, also when it is cut off at the end', () => {
    expect(output(cast('O 0.1 3\n', Buffer.from([0x61, 0xff, 0x62])))).toBe('a\ufffdb');
    expect(output(cast('O 0.1 2\n', Buffer.from([0x61, 0xe2])))).toBe('a\ufffd');
    // A byte order mark is a character of the output like others.
    expect(output(cast('O 0.1 3\n', Buffer.from('\ufeff')))).toBe('\ufeff');
  });

  it('marks where a command began, and reads past the end of a part', () => {
    const timing = 'O 0.1 2\nH 0.000000 DURATION 0.100000\nO 0.1 2\n';
    const lines = cast(timing, Buffer.from('abcd'), [{ offset: 2, entry: 'the-entry' }]);
    expect(lines.slice(1).map(([, code, data]) => [code, data])).toEqual([
      ['o', 'ab'],
      ['m', 'the-entry'],
      ['o', 'cd'],
    ]);
  });

  it('keeps input apart from output, each with its own characters split', () => {
    const bytes = Buffer.concat(
      ['\xe2', '\xc3', '\x82\xac', '\xa9'].map((part) => Buffer.from(part, 'latin1')),
    );
    expect(cast('O 0.1 1\nI 0.1 1\nO 0.1 2\nI 0.1 1\n', bytes).slice(1)).toEqual([
      [0.3, 'o', '€'],
      [0.4, 'i', 'é'],
    ]);
  });

  it('puts marks in the order of their offsets, and those past the end at the end', () => {
    const marks = [9, 1, 0].map((offset) => ({ offset, entry: `at ${offset}` }));
    const codes = cast('O 0.1 1\nO 0.1 1\n', Buffer.from('ab'), marks).slice(1);
    expect(codes.map(([, code, data]) => [code, data])).toEqual([
      ['m', 'at 0'],
      ['o', 'a'],
      ['m', 'at 1'],
      ['o', 'b'],
      ['m', 'at 9'],
    ]);
  });

  it('of a recording without a header has 80 by 24 and no time stamp', () => {
    expect([...castLines([], new Uint8Array(), [])]).toEqual(['{"version":2,"width":80,"height":24}\n']);
  });

  it.each([
    ['more bytes than were recorded', 'O 0.1 9\n', /more bytes than were recorded/],
    ['fewer bytes than were recorded', 'O 0.1 1\n', /More bytes were recorded/],
    ['a line that is none', 'X 0.1 1\n', /no line of a timing file/],
    ['a negative time', 'O -1 1\n', /no line of a timing file/],
  ])('is refused when the timing has %s', (_what, timing, message) => {
    expect(() => cast(timing, Buffer.from('abc'))).toThrow(message);
  });
});
