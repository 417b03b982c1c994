import { describe, expect, it } from 'vitest';
import { readText } from './read-bytes.ts';
import { createOpenAiChatReader } from './read-openai-chat.ts';
import type { TranscriptEvent } from './types.ts';

function read(...lines: unknown[]): { events: TranscriptEvent[]; counts: unknown } {
  const reader = createOpenAiChatReader();
  const events = readText(reader, lines.map((line) => JSON.stringify(line)).join('\n'));
  return { events, counts: reader.counts() };
}
const system = { role: 'system', content: 'You look after a line.' };
const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: string | null, more: object = {}) => ({ role: 'assistant', content, ...more });
const calls = (id: string, name: string, input: object) => ({
  tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(input) } }],
});
const tool = (id: string, content: unknown) => ({ role: 'tool', tool_call_id: id, content });
const texts = (events: TranscriptEvent[]) =>
  events.flatMap((event) => (event.kind === 'message' ? [`${event.role}: ${event.text}`] : []));

describe('conversations of the chat form', () => {
  it('that grow from line to line say each message once', () => {
    const turn = [system, user('a'), assistant(null, calls('c1', 'read', { path: 'x' })), tool('c1', 'ok')];
    const { events } = read(
      { messages: turn.slice(0, 2) },
      { messages: [...turn, assistant('b')] },
      { messages: [...turn, assistant('b'), user('a'), assistant('b')] },
    );
    expect(texts(events)).toEqual([
      'system: You look after a line.',
      'person: a',
      'agent: b',
      'person: a',
      'agent: b',
    ]);
    expect(events.filter(({ kind }) => kind === 'call' || kind === 'result')).toHaveLength(2);
    expect(new Set(events.map(({ session }) => session))).toEqual(new Set(['line 1']));
    expect(events.map(({ source }) => source.line)).toEqual([1, 1, 2, 2, 2, 3, 3]);
  });

  it('that begin with other words are sessions of their own', () => {
    const { events } = read(
      { messages: [system, user('a')] },
      { messages: [system, user('b')] },
      { messages: [system, user('a'), assistant('c')] },
    );
    expect(
      events
        .filter((event) => event.kind === 'message' && event.role !== 'system')
        .map(({ session }) => session),
    ).toEqual(['line 1', 'line 2', 'line 1']);
  });

  it('have the answer of the API beside what was sent', () => {
    const { events } = read({
      request: { model: 'gpt-5', messages: [user('a')] },
      response: {
        model: 'gpt-5-2026',
        choices: [{ index: 0, message: assistant('b') }],
        usage: { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
      },
    });
    expect(texts(events)).toEqual(['person: a', 'agent: b']);
    expect(events.at(-1)).toMatchObject({
      kind: 'usage',
      input: 10,
      output: 2,
      cached: 4,
      model: 'gpt-5-2026',
    });
  });

  it('join results to calls by id, or by name where there is none', () => {
    const { events } = read(
      assistant(null, {
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weigh', arguments: '{"cell":"a"}' } },
          { id: 'c2', type: 'custom', custom: { name: 'sql', input: 'select 1' } },
        ],
      }),
      tool('c2', 'two'),
      tool('c1', [{ type: 'text', text: 'one' }]),
      assistant(null, { function_call: { name: 'weigh', arguments: 'not json' } }),
      { role: 'function', name: 'weigh', content: 'three' },
    );
    const input = (id: string) => events.find((event) => event.kind === 'call' && event.id === id);
    const results = events.filter((event) => event.kind === 'result');
    expect(results.map(({ name, text }) => [name, text])).toEqual([
      ['sql', 'two'],
      ['weigh', 'one'],
      ['weigh', 'three'],
    ]);
    expect(input(results[2]!.call)).toMatchObject({ name: 'weigh', input: 'not json' });
    expect(input('c1')).toMatchObject({ input: { cell: 'a' } });
  });

  it('may be items of the Responses API', () => {
    const { events } = read(
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      { type: 'function_call', call_id: 'c1', name: 'weigh', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: '{"error":"no cell"}' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'b' }] },
    );
    expect(events.map((event) => (event.kind === 'message' ? event.text : event.kind))).toEqual([
      'a',
      'hm',
      'call',
      'result',
      'b',
    ]);
    expect(events[1]).toMatchObject({ isThinking: true });
    expect(events[3]).toMatchObject({ name: 'weigh', call: 'c1' });
  });

  it('are compacted where input drops by more than half and stays so, and not by a call aside', () => {
    const reply = (prompt: number) =>
      assistant(`reply ${prompt}`, { usage: { prompt_tokens: prompt, completion_tokens: 1 } });
    const drops = (...prompts: number[]) =>
      read(...prompts.map(reply)).events.flatMap((event) =>
        event.kind === 'compaction' ? [[event.marker, event.before, event.after, event.source.line]] : [],
      );
    expect(drops(50_000, 12_000, 12_500)).toEqual([['drop', 50_000, 12_000, 2]]);
    expect(drops(50_000, 12_000)).toEqual([['drop', 50_000, 12_000, 2]]);
    expect(drops(50_000, 900, 50_400)).toEqual([]);
    expect(drops(50_000, 26_000, 27_000)).toEqual([]);
    expect(drops(1_500, 300, 310)).toEqual([]);
  });

  it("have a summary in the system's name as one compaction, with what was carried over", () => {
    const { events } = read(
      {
        session_id: 'x',
        messages: [system, user('Never restart it.'), assistant('ok')],
        usage: { prompt_tokens: 30_000, completion_tokens: 1 },
      },
      {
        session_id: 'x',
        messages: [
          system,
          { role: 'system', content: 'Summary of the conversation so far: the scale is fine.' },
          user('Go on'),
        ],
        usage: { prompt_tokens: 3_000, completion_tokens: 1 },
      },
    );
    const found = events.filter((event) => event.kind === 'compaction');
    expect(found).toMatchObject([{ marker: 'summary', before: 30_000, source: { line: 2 } }]);
    expect(found[0]!.carried!.text).toContain('Go on');
    expect(found[0]!.carried!.text).not.toContain('Never');
  });

  it('have what a person says once more in the same words after their beginning was summarised', () => {
    const before = [system, user('How is it?'), assistant('Well.')];
    const after = [
      { role: 'system', content: 'Summary of the conversation so far: all is well.' },
      user('How is it?'),
    ];
    const { events } = read(
      { session_id: 's', messages: before },
      { session_id: 's', messages: [...before, user('Go on.'), assistant('Yes.')] },
      { session_id: 's', messages: after },
      { session_id: 's', messages: after },
    );
    expect(texts(events).slice(3)).toEqual(['person: Go on.', 'agent: Yes.', 'person: How is it?']);
  });
});
