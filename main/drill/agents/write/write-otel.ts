/**
 * Spans of OpenTelemetry's GenAI conventions as the file exporter of a collector writes them: OTLP/JSON, some spans a
 * line, 64-bit integers as strings, enumerations as numbers. A turn is a trace: `invoke_agent` with `chat` and
 * `execute_tool` below it; each is exported when it ended.
 */
import { join } from 'node:path';
import { createDraw } from '../draw.ts';
import type { Failure, Told, WriteTold, Written } from '../types.ts';
import type { WriterOptions } from './write-claude-code.ts';

const idStream = 65;
/** SpanKind and StatusCode of OTLP. */
const kind = { internal: 1, client: 3 } as const;
const statusError = 2;
/** A tool that takes longer has its asker's span exported before it ends, seconds. */
const exportDelay = 5;

const instructions =
  'You are the keeper of a scoring line: watch its services, tell the shift lead what matters.';

type Part = Record<string, unknown>;
interface Message {
  role: string;
  parts: Part[];
  finish_reason?: string;
}
type Value = string | number | boolean | string[];

interface Span {
  name: string;
  kind: number;
  start: number;
  end: number;
  id?: string;
  attributes: Record<string, Value | undefined>;
  error?: string;
}

const errorTypes: Record<Failure, string> = {
  'time-out': 'TimeoutError',
  refused: 'PermissionError',
  exit: 'CalledProcessError',
  error: 'ToolError',
};

export function writeOtel({ folder, seed, model, wallMs }: WriterOptions): WriteTold {
  const draw = createDraw(seed, idStream, 0);
  const file = join(folder, 'keeper', 'traces.jsonl');
  /** Some instrumentations name the agent on each span, some on `invoke_agent` only. */
  const isNamedAlways = seed % 2 === 0;
  let conversation = '';
  let trace = '';
  let root = '';
  let sent: Message[] = [];
  let answer: Message | null = null;
  let asked = '';
  let held: object[] = [];

  const nanos = (at: number) => `${Math.round(wallMs(at) * 1000)}000`;
  const text = (content: string): Part => ({ type: 'text', content });

  function spanOf({ name, kind: of, start, end, id = draw.hex(16), attributes, error }: Span): object {
    const named = isNamedAlways ? { 'gen_ai.agent.name': 'keeper' } : {};
    const all = { 'gen_ai.conversation.id': conversation, ...named, ...attributes };
    return {
      traceId: trace,
      spanId: id,
      ...(id === root ? {} : { parentSpanId: root }),
      name,
      kind: of,
      startTimeUnixNano: nanos(start),
      endTimeUnixNano: nanos(end),
      attributes: Object.entries(all).flatMap(([key, value]) =>
        value === undefined ? [] : [{ key, value: anyValue(value) }],
      ),
      status: error === undefined ? {} : { code: statusError, message: error },
    };
  }

  function exported(...spans: object[]): Written[] {
    const all = [...held, ...spans];
    held = [];
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'keeper' } }] };
    const scope = { name: 'line-agents', version: '1.4.0' };
    const line = { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: all }] }] };
    return [{ file, text: `${JSON.stringify(line)}\n` }];
  }

  function chat({ reply, ids, tokens, written, at, startedAt }: Extract<Told, { kind: 'reply' }>): Written[] {
    const calls = reply.uses.map(({ tool, input }, index): Part => {
      const id = `call_${ids[index]!}`;
      return { type: 'tool_call', id, name: tool, arguments: input };
    });
    const finish = calls.length > 0 ? 'tool_call' : 'stop';
    const parts = [
      ...(reply.thinking ? [{ type: 'reasoning', content: reply.thinking }] : []),
      ...(reply.text ? [text(reply.text)] : []),
      ...calls,
    ];
    const span = spanOf({
      name: `chat ${model}`,
      kind: kind.client,
      start: startedAt,
      end: at,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'mistral_ai',
        'gen_ai.request.model': model,
        'gen_ai.response.model': model,
        'gen_ai.response.id': draw.hex(32),
        'gen_ai.response.finish_reasons': [finish],
        'gen_ai.usage.input_tokens': tokens,
        'gen_ai.usage.output_tokens': written,
        'gen_ai.system_instructions': JSON.stringify([text(instructions)]),
        'gen_ai.input.messages': JSON.stringify(sent),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts, finish_reason: finish }]),
      },
    });
    answer = { role: 'assistant', parts };
    sent = [...sent, answer];
    const isSoon = reply.uses.length === 0 || reply.uses.some(({ seconds }) => seconds < exportDelay);
    if (!isSoon) return exported(span);
    held.push(span);
    return [];
  }

  function tool({ use, id, at, startedAt }: Extract<Told, { kind: 'result' }>): Written[] {
    const { text: gave, failure } = use.outcome;
    const call = `call_${id}`;
    sent = [...sent, { role: 'tool', parts: [{ type: 'tool_call_response', id: call, response: gave }] }];
    return exported(
      spanOf({
        name: `execute_tool ${use.tool}`,
        kind: kind.internal,
        start: startedAt,
        end: at,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': use.tool,
          'gen_ai.tool.type': 'function',
          'gen_ai.tool.call.id': call,
          'gen_ai.tool.call.arguments': JSON.stringify(use.input),
          'gen_ai.tool.call.result': failure === null ? gave : undefined,
          'error.type': failure === null ? undefined : errorTypes[failure],
        },
        ...(failure !== null && { error: gave }),
      }),
    );
  }

  function agent({ at, startedAt }: Extract<Told, { kind: 'turn-end' }>): Written[] {
    return exported(
      spanOf({
        name: 'invoke_agent keeper',
        kind: kind.internal,
        id: root,
        start: startedAt,
        end: at,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.provider.name': 'mistral_ai',
          'gen_ai.agent.name': 'keeper',
          'gen_ai.request.model': model,
          'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [text(asked)] }]),
          'gen_ai.output.messages': JSON.stringify(answer === null ? [] : [answer]),
        },
      }),
    );
  }

  return (told) => {
    switch (told.kind) {
      case 'session':
        conversation = told.id;
        sent = [];
        return [];
      case 'person':
        trace = draw.hex(32);
        root = draw.hex(16);
        asked = told.text;
        sent = [...sent, { role: 'user', parts: [text(told.text)] }];
        return [];
      case 'reply':
        return chat(told);
      case 'result':
        return tool(told);
      case 'compaction':
        sent = [{ role: 'system', parts: [text(`Summary of the conversation so far:\n${told.summary}`)] }];
        return [];
      case 'turn-end':
        return agent(told);
    }
  };
}

/** An AnyValue of OTLP/JSON. */
function anyValue(value: Value): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'number') return { intValue: String(value) };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value };
}
