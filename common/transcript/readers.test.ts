import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTranscriptReader, detectFormat } from './detect.ts';
import { readText } from './read-bytes.ts';
import type { TranscriptEvent, TranscriptFormat } from './types.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/scoring.${name}.jsonl`, import.meta.url), 'utf8');
const files: [string, TranscriptFormat][] = [
  ['claude-code', 'claude-code'],
  ['openai-chat', 'openai-chat'],
  ['otel-genai', 'otel-genai'],
  ['otel-flat', 'otel-genai'],
];
const read = (name: string, format: TranscriptFormat) =>
  readText(createTranscriptReader(format), fixture(name));

/** What of an event every format tells. */
function gist(event: TranscriptEvent): unknown {
  switch (event.kind) {
    case 'message':
      return [event.role, event.isThinking, event.text];
    case 'call':
      return ['call', event.name, event.input, event.digest];
    case 'result':
      return ['result', event.name, event.text, event.bytes, event.digest];
    case 'compaction':
      return ['compaction', event.summary?.text];
    case 'usage':
      return ['usage', event.input, event.output, event.cached];
    case 'unknown':
      return ['unknown', event.raw];
  }
}

/** Instructions stand in some formats only; tokens are told at different moments. */
const said = (events: TranscriptEvent[]) =>
  events
    .filter((event) => event.kind !== 'usage' && !(event.kind === 'message' && event.role === 'system'))
    .map(gist);
const tokens = (events: TranscriptEvent[]) => events.filter(({ kind }) => kind === 'usage').map(gist);

describe('one session told in each format', () => {
  const first = read(...files[0]!);

  it.each(files)('%s says the same', (name, format) => {
    const events = read(name, format);
    expect(said(events)).toEqual(said(first));
    expect(tokens(events)).toEqual(tokens(first));
    expect(events.filter(({ kind }) => kind === 'unknown')).toEqual([]);
    expect(new Set(events.map(({ session }) => session))).toEqual(
      new Set(['4c1de6d1-9e0b-4d61-8a5e-0d4f5b6a7c01']),
    );
  });

  it.each(files)('%s is told apart by its first lines', (name, format) => {
    const guesses = detectFormat(fixture(name).split('\n').slice(0, 5));
    expect(guesses.map((guess) => guess.format)).toEqual([format]);
    expect(guesses[0]!.confidence).toBeGreaterThan(0.8);
    expect(guesses[0]!.why).toBe('5 of 5 lines have its members');
  });

  it('has each event at the line that says it', () => {
    for (const [name, format] of files) {
      const bytes = new TextEncoder().encode(fixture(name));
      for (const event of read(name, format)) {
        const line = new TextDecoder().decode(bytes.subarray(event.source.offset)).split('\n')[0]!;
        expect(fixture(name).split('\n')[event.source.line - 1]).toBe(line);
        if (event.kind === 'call') expect(line).toContain(event.id);
      }
    }
  });

  it('says a failure by the flag, where the format has one', () => {
    const flags = (name: string, format: TranscriptFormat) =>
      read(name, format).flatMap((event) =>
        event.kind === 'result' ? [[event.isError, event.exitCode]] : [],
      );
    expect(flags('claude-code', 'claude-code')).toEqual([
      [false, null],
      [false, null],
      [true, 1],
      [false, null],
    ]);
    expect(flags('openai-chat', 'openai-chat')).toEqual([
      [null, null],
      [null, null],
      [null, 1],
      [null, null],
    ]);
    expect(flags('otel-genai', 'otel-genai')).toEqual([
      [false, null],
      [false, null],
      [true, 1],
      [false, null],
    ]);
  });

  it('says what of the context a compaction took', () => {
    const compaction = (name: string, format: TranscriptFormat) =>
      read(name, format).flatMap((event) =>
        event.kind === 'compaction' ? [[event.marker, event.trigger, event.before, event.after]] : [],
      );
    expect(compaction('claude-code', 'claude-code')).toEqual([['record', 'auto', 16030, 4100]]);
    expect(compaction('openai-chat', 'openai-chat')).toEqual([['summary', null, 16000, null]]);
    expect(compaction('otel-flat', 'otel-genai')).toEqual([['summary', null, 16000, null]]);
  });
});

it('detects nothing in what is no transcript', () => {
  expect(detectFormat(['{"level":"info","msg":"started"}', 'plain text', '', '[1,2]'])).toEqual([]);
  expect(detectFormat([])).toEqual([]);
});

it('says how sure it is less where lines do not fit', () => {
  const line = '{"role":"user","content":"hi"}';
  const [whole] = detectFormat([line, line]);
  const [part] = detectFormat([line, '{"level":"info"}', 'not json']);
  expect(whole!.confidence).toBe(1);
  expect(part!.confidence).toBeLessThan(0.6);
  expect(part!.why).toBe('1 of 3 lines have its members');
});
