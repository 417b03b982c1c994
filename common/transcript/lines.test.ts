import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './lines.ts';
import type { Source } from './types.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function split(chunks: Uint8Array[], most?: number) {
  const seen: { line: string; source: Source }[] = [];
  const tooLong: { head: string; bytes: number; source: Source }[] = [];
  const splitter = createLineSplitter(
    {
      onLine: (line, source) => seen.push({ line: text(line), source }),
      onTooLong: (head, bytes, source) => tooLong.push({ head: text(head), bytes, source }),
    },
    most,
  );
  chunks.forEach((chunk) => splitter.push(chunk));
  splitter.end();
  return { seen, tooLong };
}

describe('lines of a transcript', () => {
  const whole = utf8('{"ä":1}\r\n\n{"b":2}\n{"torn');
  const expected = [
    { line: '{"ä":1}', source: { line: 1, offset: 0 } },
    { line: '{"b":2}', source: { line: 3, offset: 11 } },
    { line: '{"torn', source: { line: 4, offset: 19 } },
  ];

  it('have their number and their byte, wherever chunks end', () => {
    for (let size = 1; size <= whole.length; size++) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.slice(at, at + size));
      expect(split(chunks).seen).toEqual(expected);
    }
    for (const { line, source } of expected)
      expect(text(whole).includes(line) && text(whole.subarray(source.offset)).startsWith(line)).toBe(true);
  });

  it('that are too long are told with their beginning, and the next is whole', () => {
    const bytes = utf8(`short\n${'x'.repeat(20_000)}\nnext\n`);
    for (const size of [7, 5_000, 50_000]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
      const { seen, tooLong } = split(chunks, 10_000);
      expect(seen.map(({ line }) => line)).toEqual(['short', 'next']);
      expect(seen[1]!.source).toEqual({ line: 3, offset: 20_007 });
      expect(tooLong).toEqual([{ head: 'x'.repeat(4096), bytes: 20_000, source: { line: 2, offset: 6 } }]);
    }
  });

  it('of hundreds of megabytes are counted and never held', () => {
    const chunk = new Uint8Array(1024 * 1024).fill(120);
    const tooLong: number[] = [];
    let heldAtMost = 0;
    const splitter = createLineSplitter(
      {
        onLine: () => undefined,
        onTooLong: (head, bytes) => {
          heldAtMost = Math.max(heldAtMost, head.buffer.byteLength);
          tooLong.push(bytes);
        },
      },
      4 * 1024 * 1024,
    );
    for (let index = 0; index < 300; index++) splitter.push(chunk);
    splitter.end();
    expect(tooLong).toEqual([300 * 1024 * 1024]);
    expect(heldAtMost).toBeLessThanOrEqual(4 * 1024 * 1024);
  });
});
