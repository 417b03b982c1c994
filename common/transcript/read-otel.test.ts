import { describe, expect, it } from 'vitest';
import { anyValue } from './otel-span.ts';
import { readText } from './read-bytes.ts';
import { createOtelReader } from './read-otel.ts';
import type { TranscriptEvent } from './types.ts';

let count = 0;
function read(...lines: unknown[]): { events: TranscriptEvent[]; counts: unknown } {
  const reader = createOtelReader();
  const events = readText(reader, lines.map((line) => JSON.stringify(line)).join('\n'));
  return { events, counts: reader.counts() };
}
const flat = (name: string, attributes: object, more: object = {}) => ({
  name,
  traceId: 't',
  spanId: `s${++count}`,
  attributes,
  ...more,
});
const chat = (attributes: object, more: object = {}) =>
  flat('chat x', { 'gen_ai.operation.name': 'chat', ...attributes }, more);
const user = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] });
const said = (events: TranscriptEvent[]) =>
  events.map((event) =>
    event.kind === 'message'
      ? `${event.role}: ${event.text}`
      : event.kind === 'result'
        ? `${event.call} ${event.text} ${event.isError}`
        : event.kind === 'call'
          ? `${event.id} ${event.name}`
          : event.kind,
  );

describe('spans of the GenAI conventions', () => {
  it('have typed values of OTLP/JSON, integers as strings', () => {
    const value = {
      kvlistValue: {
        values: [
          {
            key: 'a',
            value: {
              arrayValue: { values: [{ intValue: '7' }, { boolValue: true }, { doubleValue: 1.5 }, {}] },
            },
          },
        ],
      },
    };
    expect(anyValue(value)).toEqual({ a: [7, true, 1.5, {}] });
    expect(anyValue({ intValue: '9007199254740993' })).toBe('9007199254740993');
  });

  it("tell a failure that only the tool's own span knows", () => {
    const call = {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weigh', arguments: {} }],
    };
    const { events, counts } = read(
      chat({ 'gen_ai.input.messages': [user('a')], 'gen_ai.output.messages': [call] }),
      flat(
        'execute_tool weigh',
        {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'weigh',
          'gen_ai.tool.call.id': 'c1',
          'error.type': 'timeout',
        },
        { status: { code: 2 } },
      ),
      chat({
        'gen_ai.input.messages': [
          user('a'),
          call,
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: {} }] },
        ],
      }),
    );
    expect(said(events)).toEqual(['person: a', 'c1 weigh', 'c1 timeout true']);
    expect(counts).toMatchObject({ repeated: 1 });
  });

  it('tell it too when the messages came first', () => {
    const call = {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weigh', arguments: {} }],
    };
    const response = { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'ok?' }] };
    const tool = (status: object) =>
      flat(
        'execute_tool weigh',
        { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weigh', 'gen_ai.tool.call.id': 'c1' },
        { status },
      );
    const messages = chat({ 'gen_ai.input.messages': [user('a'), call, response] });
    expect(said(read(messages, tool({ code: 2, message: 'died' })).events)).toEqual([
      'person: a',
      'c1 weigh',
      'c1 ok? null',
      'c1 died true',
    ]);
    expect(said(read({ ...messages, spanId: 'other' }, tool({ code: 1 })).events)).toEqual([
      'person: a',
      'c1 weigh',
      'c1 ok? null',
    ]);
  });

  it('join calls without ids by name', () => {
    const call = { role: 'assistant', parts: [{ type: 'tool_call', name: 'weigh', arguments: {} }] };
    const { events } = read(
      chat({ 'gen_ai.input.messages': [user('a')], 'gen_ai.output.messages': JSON.stringify([call]) }),
      flat('execute_tool weigh', { 'gen_ai.tool.name': 'weigh', 'gen_ai.tool.call.result': '{"g":12}' }),
    );
    expect(said(events)).toEqual(['person: a', 'call 1 weigh', 'call 1 {"g":12} false']);
  });

  it('may be told by events, as before version 1.37', () => {
    const event = (name: string, attributes: object) => ({
      name,
      timestamp: '2026-11-24T12:00:00Z',
      attributes,
    });
    const { events } = read(
      flat(
        'chat x',
        {
          'gen_ai.operation.name': 'chat',
          'gen_ai.usage.prompt_tokens': 5,
          'gen_ai.usage.completion_tokens': 1,
        },
        {
          events: [
            event('gen_ai.system.message', { content: 'Be brief' }),
            event('gen_ai.user.message', { content: 'a' }),
            event('gen_ai.choice', {
              finish_reason: 'tool_calls',
              message: JSON.stringify({
                content: 'b',
                tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weigh', arguments: '{}' } }],
              }),
            }),
          ],
        },
      ),
    );
    expect(said(events)).toEqual(['system: Be brief', 'person: a', 'agent: b', 'c1 weigh', 'usage']);
  });

  it('may be told by log records beside them', () => {
    const record = (name: string, body: object) => ({
      eventName: name,
      traceId: 't',
      spanId: 'log',
      timeUnixNano: '1795521600000000000',
      attributes: [],
      body,
    });
    const { events } = read({
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                record('gen_ai.user.message', {
                  kvlistValue: { values: [{ key: 'content', value: { stringValue: 'a' } }] },
                }),
                record('gen_ai.choice', {
                  kvlistValue: {
                    values: [
                      {
                        key: 'message',
                        value: { kvlistValue: { values: [{ key: 'content', value: { stringValue: 'b' } }] } },
                      },
                    ],
                  },
                }),
              ],
            },
          ],
        },
      ],
    });
    expect(said(events)).toEqual(['person: a', 'agent: b']);
    const details = {
      eventName: 'gen_ai.client.inference.operation.details',
      attributes: { 'gen_ai.conversation.id': 'k', 'gen_ai.input.messages': [user('a')] },
    };
    expect(read(details).events).toMatchObject([
      { kind: 'message', role: 'person', text: 'a', session: 'k' },
    ]);
  });

  it('may have numbered attributes, or nested ones', () => {
    const numbered = chat({
      'gen_ai.prompt.0.role': 'user',
      'gen_ai.prompt.0.content': 'a',
      'gen_ai.completion.0.content': 'b',
      'gen_ai.completion.0.tool_calls.0.name': 'weigh',
      'gen_ai.completion.0.tool_calls.0.id': 'c1',
      'gen_ai.completion.0.tool_calls.0.arguments': '{}',
    });
    expect(said(read(numbered).events)).toEqual(['person: a', 'agent: b', 'c1 weigh']);
    const nested = flat('x', {
      gen_ai: {
        operation: { name: 'chat' },
        input: { messages: [user('a')] },
        usage: { input_tokens: 3, output_tokens: 1 },
      },
    });
    expect(said(read(nested).events)).toEqual(['person: a', 'usage']);
  });

  it("take an agent's own span only where no inference was told", () => {
    const agent = flat('invoke_agent keeper', {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.input.messages': [user('a')],
      'gen_ai.usage.input_tokens': 9,
    });
    expect(said(read(agent).events)).toEqual(['person: a', 'usage']);
    expect(
      said(read(chat({ 'gen_ai.input.messages': [user('a')] }), { ...agent, spanId: 'late' }).events),
    ).toEqual(['person: a']);
  });

  it('say that a model did not answer, and are taken once', () => {
    const failed = chat(
      { 'error.type': '529' },
      { status: { status_code: 'ERROR', description: 'Overloaded' } },
    );
    const { events, counts } = read(failed, failed, flat('GET /', { 'http.request.method': 'GET' }));
    expect(said(events)).toEqual(['system: The model did not answer: 529: Overloaded']);
    expect(counts).toMatchObject({ repeated: 1, bookkeeping: 1 });
  });

  it('keep agents of one conversation apart', () => {
    const of = (name: string, text: string) =>
      chat({
        'gen_ai.conversation.id': 'k',
        'gen_ai.agent.name': name,
        'gen_ai.input.messages': [user(text)],
      });
    expect(read(of('one', 'a'), of('two', 'b')).events.map(({ thread }) => thread)).toEqual([
      'k/one',
      'k/two',
    ]);
  });

  it("leave out an agent's own span that began first and was exported with its inferences", () => {
    const answer = { role: 'assistant', parts: [{ type: 'text', content: 'I restarted it.' }] };
    const messages = { 'gen_ai.input.messages': [user('a')], 'gen_ai.output.messages': [answer] };
    const agent = flat(
      'invoke_agent keeper',
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'keeper', ...messages },
      { start_time: '2026-11-24T12:00:00Z' },
    );
    const spans = [chat(messages, { start_time: '2026-11-24T12:00:01Z' }), agent];
    expect(said(read({ spans }).events)).toEqual(['person: a', 'agent: I restarted it.']);
  });
});
