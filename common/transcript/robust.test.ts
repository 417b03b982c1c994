import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mostText } from './bounds.ts';
import { createTranscriptReader, detectFormat } from './detect.ts';
import { feedBytes, readText } from './read-bytes.ts';
import { transcriptFormats, type TranscriptEvent } from './types.ts';

/** Numbers that are the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const names = ['claude-code', 'openai-chat', 'otel-genai', 'otel-flat'];
const fixtures = names.map((name) =>
  readFileSync(new URL(`./fixtures/scoring.${name}.jsonl`, import.meta.url), 'utf8'),
);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe.each(transcriptFormats)('a reader of %s', (format) => {
  const own = fixtures[names.indexOf(format)]!;
  const read = (text: string) => readText(createTranscriptReader(format), text);

  it('counts and keeps lines that are torn or unknown, and reads the others', () => {
    const lines = own.trimEnd().split('\n');
    const half = lines[5]!.slice(0, lines[5]!.length / 2);
    const events = read(
      [...lines.slice(0, 5), half, '{"type":"hologram","x":1}', 'null', '"text"', ...lines.slice(5)].join(
        '\n',
      ),
    );
    const unknown = events.filter((event) => event.kind === 'unknown');
    expect(unknown.map(({ why, source }) => [why, source.line])).toEqual([
      ['not-json', 6],
      ['unknown-shape', 7],
      ['not-json', 8],
      ['not-json', 9],
    ]);
    expect(unknown[0]!.raw).toBe(half.slice(0, 1024));
    expect(events.filter(({ kind }) => kind !== 'unknown')).toHaveLength(read(own).length);
  });

  it('reads the last line of a file that is still being written once it is whole', () => {
    const events: TranscriptEvent[] = [];
    const reader = createTranscriptReader(format);
    const feed = feedBytes(reader, (event) => events.push(event));
    const bytes = utf8(own);
    feed.push(bytes.subarray(0, bytes.length - 50));
    feed.push(bytes.subarray(bytes.length - 50));
    feed.end();
    expect(events).toEqual(read(own));
  });

  it('keeps a bounded part of 10 MB of garbage', () => {
    const next = random(7);
    const bytes = new Uint8Array(10 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at++) bytes[at] = next() * 256;
    const reader = createTranscriptReader(format);
    let kept = 0;
    let others = 0;
    const feed = feedBytes(reader, (event) => {
      if (event.kind === 'unknown') kept += event.raw.length;
      else others++;
    });
    feed.push(bytes);
    feed.end();
    expect(others).toBe(0);
    expect(kept).toBeGreaterThan(10_000);
    expect(kept).toBeLessThan(70_000);
    expect(reader.counts().unknown).toBeGreaterThan(30_000);
  });

  it('takes JSON that is nested a hundred thousand deep', () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const list = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const value of [deep, list]) {
      for (const line of [
        value,
        `{"type":"assistant","message":{"id":"m","content":[{"type":"tool_use","id":"t","name":"x","input":${value}}]}}`,
        `{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":${value}}]}}`,
        `{"role":"assistant","content":null,"tool_calls":[{"id":"t","function":{"name":"x","arguments":${JSON.stringify(value)}}}]}`,
        `{"role":"tool","tool_call_id":"t","content":${value}}`,
        `{"name":"execute_tool x","spanId":"1","attributes":{"gen_ai.tool.name":"x","gen_ai.tool.call.arguments":${value},"gen_ai.tool.call.result":${value}}}`,
        `{"name":"chat","spanId":"2","attributes":{"gen_ai":${value}}}`,
        `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"chat","spanId":"3","attributes":[{"key":"gen_ai.input.messages","value":{"kvlistValue":${value}}}]}]}]}]}`,
      ])
        expect(JSON.stringify(read(line)).length).toBeLessThan(4 * mostText);
    }
  });

  it('cuts texts and inputs, saying by how much, and knows different ones apart', () => {
    const long = 'x'.repeat(1_000_000);
    const lines = {
      'claude-code': (text: string) => [
        { type: 'user', message: { content: text } },
        {
          type: 'assistant',
          message: { id: 'm', content: [{ type: 'tool_use', id: 't', name: 'w', input: { a: text } }] },
        },
      ],
      'openai-chat': (text: string) => [
        { role: 'user', content: text },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 't', function: { name: 'w', arguments: JSON.stringify({ a: text }) } }],
        },
      ],
      'otel-genai': (text: string) => [
        {
          name: 'chat',
          spanId: '1',
          attributes: {
            'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: text }] }],
          },
        },
        {
          name: 'execute_tool w',
          spanId: '2',
          attributes: { 'gen_ai.tool.name': 'w', 'gen_ai.tool.call.arguments': { a: text } },
        },
      ],
    }[format];
    const eventsOf = (text: string) =>
      read(
        lines(text)
          .map((line) => JSON.stringify(line))
          .join('\n'),
      );
    const [message, call] = eventsOf(`${long}end`);
    const [, other] = eventsOf(`${long}fin`);
    expect(message).toMatchObject({
      kind: 'message',
      cut: 1_000_003 - Math.ceil(mostText * 0.7) - Math.floor(mostText * 0.3),
    });
    expect(JSON.stringify(message).length).toBeLessThan(mostText + 500);
    expect((message as { text: string }).text).toMatch(/characters cut\]…\nx+end$/);
    expect(call).toMatchObject({ kind: 'call', cut: 1_000_003 - 4096 });
    expect(JSON.stringify(call).length).toBeLessThan(5_000);
    expect(call).not.toMatchObject({ digest: (other as { digest: string }).digest });
    expect((call as { input: unknown }).input).not.toEqual((other as { input: unknown }).input);
  });

  it("never throws on a line that was changed anywhere, nor on another format's", () => {
    const next = random(42);
    const lines = fixtures.flatMap((text) => text.trimEnd().split('\n'));
    const bits = [
      'null',
      '{}',
      '[]',
      '""',
      '-1',
      '1e999',
      'true',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '\u0000',
      '\ud800',
      '"role":',
      '__proto__',
    ];
    const pick = <T>(items: T[]) => items[Math.floor(next() * items.length)]!;
    for (let round = 0; round < 1_500; round++) {
      let line = pick(lines);
      for (let changes = 1 + next() * 4; changes > 0; changes--) {
        const at = Math.floor(next() * line.length);
        line = line.slice(0, at) + pick(bits) + line.slice(at + Math.floor(next() * 12));
      }
      // A value of another type in place of one: what stays JSON goes deeper into the reader.
      if (round % 2 === 0)
        line = pick(lines).replaceAll(
          /"[a-zA-Z_.]+":("[^"\\]*"|\d+|true|false|null|\{\}|\[\])/g,
          (whole, value: string) =>
            next() < 0.05 ? whole.slice(0, -value.length) + pick(bits.slice(0, 7)) : whole,
        );
      expect(() => read(`${line}\n${pick(lines)}`)).not.toThrow();
      expect(() => detectFormat([line])).not.toThrow();
    }
  });
});

it('gives a line that was too long to be held', () => {
  const reader = createTranscriptReader('openai-chat');
  const events: TranscriptEvent[] = [];
  const feed = feedBytes(reader, (event) => events.push(event), 1_000);
  feed.push(utf8(`{"role":"user","content":"${'x'.repeat(5_000)}"}\n{"role":"user","content":"next"}\n`));
  feed.end();
  expect(events).toMatchObject([
    { kind: 'unknown', why: 'too-long', bytes: 5_028, source: { line: 1, offset: 0 } },
    { kind: 'message', text: 'next', source: { line: 2, offset: 5_029 } },
  ]);
});
