/** What a span of the GenAI conventions says of a conversation, in the present form and in those before it. */
import { isRecord } from '../lib/members.ts';
import { chatItems, type ChatItem } from './chat-message.ts';
import type { TokenCounts } from './conversation.ts';
import type { OtelSpan } from './otel-span.ts';
import { countOf, jsonOf, memberOf, stringOf } from './parse-line.ts';

type Json = Record<string, unknown>;

export type Operation = 'inference' | 'tool' | 'agent';

const operations: Record<string, Operation> = {
  chat: 'inference',
  generate_content: 'inference',
  text_completion: 'inference',
  completion: 'inference',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  create_agent: 'agent',
  invoke_workflow: 'agent',
};

/** What the span stands for; null for one that is no part of a conversation. */
export function operationOf({ attributes, name, events }: OtelSpan): Operation | null {
  const named = stringOf(attributes['gen_ai.operation.name']) ?? name.split(' ')[0]!;
  if (Object.hasOwn(operations, named)) return operations[named]!;
  if (attributes['gen_ai.tool.name'] !== undefined) return 'tool';
  const hasMessages = events.some((event) => event.name.startsWith('gen_ai.'));
  return hasMessages || inputNames.some((key) => attributes[key] !== undefined) ? 'inference' : null;
}

const inputNames = [
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.prompt.0.role',
  'gen_ai.completion.0.role',
];

export interface SpanMessages {
  /** All that the model was sent. */
  input: ChatItem[][];
  output: ChatItem[][];
}

export function messagesOf(span: OtelSpan): SpanMessages {
  const details = span.events.find(({ name }) => name === 'gen_ai.client.inference.operation.details');
  const attributes = { ...span.attributes, ...details?.attributes };
  const system = listOf(attributes['gen_ai.system_instructions']);
  const instructions = system.length > 0 ? [{ role: 'system', parts: system }] : [];
  const input = [...listOf(attributes['gen_ai.input.messages']), ...numbered(attributes, 'gen_ai.prompt')];
  const output = [
    ...listOf(attributes['gen_ai.output.messages']),
    ...numbered(attributes, 'gen_ai.completion'),
  ];
  for (const event of span.events) {
    if (event.name === 'gen_ai.choice') output.push(choiceOf(event.attributes));
    else if (/^gen_ai\.(system|user|assistant|tool)\.message$/.test(event.name))
      input.push({ role: event.name.split('.')[1], ...withParsedCalls(event.attributes) });
  }
  return { input: itemsOf([...instructions, ...input]), output: itemsOf(output) };
}

const itemsOf = (messages: Json[]) => messages.map(chatItems).filter((items) => items !== null);

/** Structured, or JSON in a string where attributes can't be structured. */
function listOf(value: unknown): Json[] {
  const list = typeof value === 'string' ? jsonOf(value) : value;
  return (Array.isArray(list) ? list : isRecord(list) ? [list] : []).filter(isRecord);
}

/** `gen_ai.choice` has its message within (version 1.36 and before). */
function choiceOf(attributes: Json): Json {
  const message =
    typeof attributes['message'] === 'string' ? jsonOf(attributes['message']) : attributes['message'];
  const inner = isRecord(message) ? message : typeof message === 'string' ? { content: message } : attributes;
  return withParsedCalls({
    ...inner,
    role: 'assistant',
    tool_calls: inner['tool_calls'] ?? attributes['tool_calls'],
  });
}

function withParsedCalls(message: Json): Json {
  const calls = message['tool_calls'];
  return typeof calls === 'string' ? { ...message, tool_calls: jsonOf(calls) } : message;
}

const mostNumbered = 5_000;

/** `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`, `gen_ai.completion.0.tool_calls.0.name`, …: as some libraries wrote. */
function numbered(attributes: Json, prefix: string): Json[] {
  const messages: Json[] = [];
  for (let index = 0; index < mostNumbered; index++) {
    const role = attributes[`${prefix}.${index}.role`];
    const content = attributes[`${prefix}.${index}.content`];
    const calls = numberedCalls(attributes, `${prefix}.${index}.tool_calls`);
    if (role === undefined && content === undefined && calls.length === 0) break;
    const call = attributes[`${prefix}.${index}.tool_call_id`];
    messages.push({ role: role ?? 'assistant', content, tool_calls: calls, tool_call_id: call });
  }
  return messages;
}

function numberedCalls(attributes: Json, prefix: string): Json[] {
  const calls: Json[] = [];
  for (let index = 0; index < 64; index++) {
    const name = attributes[`${prefix}.${index}.name`];
    if (name === undefined) break;
    const id = attributes[`${prefix}.${index}.id`];
    calls.push({ id, name, arguments: attributes[`${prefix}.${index}.arguments`] });
  }
  return calls;
}

/** `gen_ai.usage.input_tokens` has the cached ones in it, as the conventions ask. */
export function usageOfSpan(attributes: Json): TokenCounts | null {
  const input = countOf(memberOf(attributes, 'gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'));
  if (input === null) return null;
  const output = countOf(
    memberOf(attributes, 'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'),
  );
  const cached = countOf(
    memberOf(
      attributes,
      'gen_ai.usage.cache_read.input_tokens',
      'gen_ai.usage.cache_read_input_tokens',
      'gen_ai.usage.input_tokens.cached',
    ),
  );
  return { input, output: output ?? 0, cached: cached ?? 0 };
}
