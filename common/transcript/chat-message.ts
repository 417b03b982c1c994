/**
 * One message of a conversation as the APIs and the conventions write it, in parts that the readers share: OpenAI's
 * chat messages (`content`, `tool_calls`, `tool_call_id`; before that `function_call`), its Responses items
 * (`function_call`, `function_call_output`), and the messages of OpenTelemetry's GenAI conventions (`parts`).
 */
import { isRecord } from '../lib/members.ts';
import { utf8Length } from './bounds.ts';
import { digestOf, digestOfJson } from './digest.ts';
import { integerOf, jsonOf, memberOf, stringOf } from './parse-line.ts';
import type { ResultNote } from './reader-base.ts';
import { codesInJson, exitCodeIn, httpStatusIn, resultJson } from './result-text.ts';
import type { Role } from './types.ts';

type Json = Record<string, unknown>;

export type ChatItem =
  | { kind: 'text'; role: Role; text: string; isThinking: boolean }
  | { kind: 'call'; id: string | null; name: string; input: unknown }
  | { kind: 'result'; call: string | null; name: string | null; text: string; note: ResultNote }
  | { kind: 'compaction'; summary: string | null };

const mostItems = 2_000;

/** The parts of one message; null where it is of no known shape. */
export function chatItems(message: Json): ChatItem[] | null {
  const type = stringOf(message['type']);
  if (type !== null && Object.hasOwn(itemTypes, type)) return itemTypes[type]!(message);
  const role = stringOf(message['role']);
  if (role === null) return null;
  const items: ChatItem[] = [];
  const name = stringOf(message['name']);
  const isResult = role === 'tool' || role === 'function';
  if (isResult && !Array.isArray(message['parts'])) return [messageResult(message, name)];
  const thinking = stringOf(memberOf(message, 'reasoning_content', 'reasoning'));
  if (thinking !== null) items.push({ kind: 'text', role: 'agent', text: thinking, isThinking: true });
  for (const part of partsOf(message)) items.push(...partItems(part, roleOf(role), name));
  for (const call of listOf(message['tool_calls'])) items.push(...toolCall(call));
  if (isRecord(message['function_call'])) items.push(...toolCall(message));
  return items.slice(0, mostItems);
}

/** Equal messages have equal digests, whichever of the shapes they came in. */
export function digestOfItems(items: ChatItem[]): string {
  return digestOf(
    ...items.flatMap((item) => {
      if (item.kind === 'text') return [item.role, item.text];
      if (item.kind === 'call') return ['call', item.id ?? '', item.name, digestOfJson(item.input)];
      if (item.kind === 'result') return ['result', item.call ?? '', item.text];
      return ['compaction', item.summary ?? ''];
    }),
  );
}

function roleOf(role: string): Role {
  if (role === 'assistant' || role === 'model' || role === 'ai' || role === 'agent') return 'agent';
  return role === 'user' || role === 'human' ? 'person' : 'system';
}

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

function partsOf(message: Json): Json[] {
  const content = memberOf(message, 'parts', 'content');
  if (typeof content === 'string') return [{ type: 'text', content }];
  if (isRecord(content)) return [content];
  const items: unknown[] = Array.isArray(content) ? content : [];
  return items
    .map((item) => (typeof item === 'string' ? { type: 'text', content: item } : item))
    .filter(isRecord);
}

function partItems(part: Json, role: Role, name: string | null): ChatItem[] {
  const type = stringOf(part['type']) ?? 'text';
  const text = stringOf(memberOf(part, 'content', 'text', 'refusal', 'thinking'));
  if (type === 'reasoning' || type === 'thinking')
    return text === null ? [] : [{ kind: 'text', role: 'agent', text, isThinking: true }];
  if (type === 'tool_call' || type === 'server_tool_call' || type === 'tool_use') return partCall(part);
  if (/^(server_)?tool_call_response$|^tool_result$/.test(type)) return [partResult(part, name)];
  if (type === 'compaction') return [{ kind: 'compaction', summary: text }];
  return text === null ? [] : [{ kind: 'text', role, text, isThinking: false }];
}

function partCall(part: Json): ChatItem[] {
  const name = stringOf(part['name']);
  if (name === null) return [];
  const input = memberOf(part, 'arguments', 'input', 'server_tool_call');
  return [{ kind: 'call', id: stringOf(part['id']), name, input: inputOf(input) }];
}

function partResult(part: Json, name: string | null): ChatItem {
  // Named `result` before the conventions called it `response`.
  const value = memberOf(part, 'response', 'result', 'server_tool_call_response', 'content');
  return {
    kind: 'result',
    call: stringOf(memberOf(part, 'id', 'tool_use_id')),
    name: stringOf(part['name']) ?? name,
    ...textAndNote(value, part),
  };
}

function messageResult(message: Json, name: string | null): ChatItem {
  const call = stringOf(memberOf(message, 'tool_call_id', 'id'));
  const content = memberOf(message, 'content', 'body');
  const texts = partsOf({ content: Array.isArray(content) ? content : [] });
  const value =
    texts.length > 0
      ? texts.map((part) => stringOf(memberOf(part, 'text', 'content')) ?? '').join('\n')
      : content;
  return { kind: 'result', call, name, ...textAndNote(value, message) };
}

function toolCall(call: Json): ChatItem[] {
  const body = memberOf(call, 'function', 'function_call', 'custom');
  const inner = isRecord(body) ? body : call;
  const name = stringOf(inner['name']);
  if (name === null) return [];
  const input = inputOf(memberOf(inner, 'arguments', 'input'));
  return [{ kind: 'call', id: stringOf(call['id']), name, input }];
}

/** Items of the Responses API, which have a type and no role. */
const itemTypes: Record<string, (item: Json) => ChatItem[] | null> = {
  function_call: (item) => toolCall({ ...item, id: memberOf(item, 'call_id', 'id') }),
  custom_tool_call: (item) => toolCall({ ...item, id: memberOf(item, 'call_id', 'id') }),
  function_call_output: (item) => [outputItem(item)],
  custom_tool_call_output: (item) => [outputItem(item)],
  reasoning: (item) =>
    listOf(item['summary']).flatMap((part): ChatItem[] => {
      const text = stringOf(part['text']);
      return text === null ? [] : [{ kind: 'text', role: 'agent', text, isThinking: true }];
    }),
};

function outputItem(item: Json): ChatItem {
  return {
    kind: 'result',
    call: stringOf(item['call_id']),
    name: null,
    ...textAndNote(item['output'], item),
  };
}

/** `arguments` is JSON in a string; one that is none stays the string. */
export function inputOf(value: unknown): unknown {
  if (value === undefined) return {};
  if (typeof value !== 'string') return value;
  const json = value.trim() === '' ? {} : jsonOf(value);
  return isRecord(json) || Array.isArray(json) ? json : value;
}

/** The text of a result, and what it and the members beside it say of how the tool went. */
export function textAndNote(value: unknown, beside: Json): { text: string; note: ResultNote } {
  const text = jsonText(value);
  const codes = codesInJson(resultJson(text));
  const own = codesInJson(beside);
  return {
    text,
    note: {
      isError: flagOf(beside),
      exitCode: integerOf(own.exitCode) ?? codes.exitCode ?? exitCodeIn(text),
      httpStatus: own.httpStatus ?? codes.httpStatus ?? httpStatusIn(text),
      bytes: utf8Length(text),
    },
  };
}

export function jsonText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    // Nested deeper than the stack: what it says cannot be read, that it is there can.
    if (error instanceof RangeError) return '[nested too deep]';
    throw error;
  }
}

/** Some writers add a flag that the format itself does not have. */
function flagOf(beside: Json): boolean | null {
  const flag = memberOf(beside, 'is_error', 'isError');
  if (typeof flag === 'boolean') return flag;
  const status = beside['status'];
  if (status === 'error' || status === 'failed') return true;
  if (status === 'success') return false;
  return stringOf(beside['error']) === null ? null : true;
}
