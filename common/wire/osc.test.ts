import { describe, expect, it } from 'vitest';
import { createOscScanner, unescapeMark, type OscSegment } from './osc.ts';
import { plainText } from './plain-text.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (segments: OscSegment[]) =>
  new TextDecoder().decode(Uint8Array.from(segments.flatMap((segment) => [...segment.bytes])));

function scanIn(text: string, size: number): OscSegment[] {
  const scanner = createOscScanner();
  const bytes = bytesOf(text);
  const segments: OscSegment[] = [];
  for (let at = 0; at < bytes.length; at += size)
    segments.push(...scanner.scan(bytes.subarray(at, at + size)));
  return [...segments, ...scanner.end()];
}

const marksOf = (segments: OscSegment[]) =>
  segments.flatMap(({ mark, offset }) => (mark ? [[offset, mark.family, mark.code, ...mark.params]] : []));

const output =
  'é\x1b[31mred\x1b]133;A\x07$ \x1b]133;B\x1b\\ls\r\n\x1b]633;E;echo \\x3b \\\\;n-1\x07\x1b]0;title\x07\x1b\x1b]633;C;n\x07done\x1b]133';

describe('the scanner', () => {
  it('finds the same marks at the same offsets, wherever the chunks are cut', () => {
    const whole = marksOf(scanIn(output, 1000));
    expect(whole).toEqual([
      [10, 133, 'A'],
      [20, 133, 'B'],
      [33, 633, 'E', 'echo \\x3b \\\\', 'n-1'],
      [69, 633, 'C', 'n'],
    ]);
    for (let size = 1; size < 40; size++) {
      const segments = scanIn(output, size);
      expect(marksOf(segments)).toEqual(whole);
      expect(textOf(segments)).toBe(output);
    }
  });

  it('takes no sequence that is broken off, nested or endless for a mark, and loses no byte of it', () => {
    for (const text of [
      '\x1b]133;A\n\x07',
      '\x1b]1337;x\x07',
      '\x1b]633;\x1bx\x07',
      `\x1b]633;E;${'x'.repeat(200_000)}\x07`,
      '\x1b]',
      '\x1b',
    ]) {
      const segments = scanIn(text, 7);
      expect(marksOf(segments)).toEqual([]);
      expect(textOf(segments)).toBe(text);
    }
    expect(marksOf(scanIn('\x1b]633;A\x1b]133;D;0\x07', 3))).toEqual([[7, 133, 'D', '0']]);
  });
});

describe('escapes', () => {
  it('are undone', () => {
    expect(unescapeMark('a\\x3b b\\x0ac \\\\x3b')).toBe('a; b\nc \\x3b');
  });
});

describe('plain text', () => {
  it('is what a person would have read', () => {
    const bytes = bytesOf(
      '\x1b[1;31mred\x1b[0m\r\n10%\r100%\r\n\x1b]0;t\x07abc\b\bX\r\r\n\x1b(Bé\x1b[?2004h',
    );
    expect(plainText(bytes)).toBe('red\n100%\naXc\né');
  });
});
