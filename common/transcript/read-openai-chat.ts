import { cutText } from '../lib/cut-text.ts';
import { isRecord } from '../lib/members.ts';
import { createRecentMap } from './bounds.ts';
import { chatItems, digestOfItems, type ChatItem } from './chat-message.ts';
import { createConversation, type Conversation, type TokenCounts } from './conversation.ts';
import { countOf, memberOf, stringOf, timeOf } from './parse-line.ts';
import { createJsonLineReader, newCounts, type Place } from './reader-base.ts';
import type { Source, TranscriptEvent, TranscriptReader } from './types.ts';

type Json = Record<string, unknown>;

const mostSessions = 64;
const mostMessages = 10_000;
const sessionNames = [
  'session_id',
  'sessionId',
  'conversation_id',
  'conversationId',
  'thread_id',
  'threadId',
  'session',
  'chat_id',
];
const timeNames = ['timestamp', 'created_at', 'createdAt', 'created', 'time', 'ts', 'at', 'date'];

/**
 * Reads conversations of OpenAI's chat form: one message a line; or `{messages: […]}` a line, which is a conversation
 * of its own or one that goes on from an earlier line; with or without `{choices: […], usage}` beside it.
 */
export function createOpenAiChatReader(): TranscriptReader {
  const counts = newCounts();
  const waiting: TranscriptEvent[] = [];
  const conversations = createRecentMap<Conversation>(mostSessions, (gone) => gone.flush(waiting));
  /** Sessions without a name, by how they begin. */
  const sessionsByStart = createRecentMap<string>(mostSessions);
  let session = '';

  const conversationOf = (place: Place) => conversations.of(place.thread, () => createConversation(counts));

  function placeOf(json: Json, source: Source): Place {
    const meta = isRecord(json['metadata']) ? json['metadata'] : {};
    const named = stringOf(memberOf(json, ...sessionNames) ?? memberOf(meta, ...sessionNames));
    session = cutText(named ?? session, 256);
    return {
      source,
      at: timeOf(memberOf(json, ...timeNames) ?? memberOf(meta, ...timeNames)),
      session,
      thread: session,
    };
  }

  function isNamed(json: Json): boolean {
    const meta = isRecord(json['metadata']) ? json['metadata'] : {};
    return stringOf(memberOf(json, ...sessionNames) ?? memberOf(meta, ...sessionNames)) !== null;
  }

  /** Which session a list without a name goes on from: the one that began with the same words. */
  function unnamedPlace(place: Place, messages: ChatItem[][]): Place {
    const items = messages.flat();
    const first = items.findIndex((item) => item.kind === 'text' && item.role === 'person');
    const start = digestOfItems(items.slice(0, first < 0 ? 1 : first + 1));
    const name = sessionsByStart.of(start, () => `line ${place.source.line}`);
    return { ...place, session: name, thread: name };
  }

  function takeList(list: unknown[], json: Json, source: Source, out: TranscriptEvent[]): boolean {
    const messages = list
      .slice(0, mostMessages)
      .filter(isRecord)
      .map(chatItems)
      .filter((items) => items !== null);
    if (messages.length === 0) return false;
    const named = placeOf(json, source);
    const place = isNamed(json) ? named : unnamedPlace(named, messages);
    conversationOf(place).snapshot(place, messages, modelOf(json), out);
    const answer = isRecord(json['response']) ? json['response'] : json;
    takeAnswer(answer, place, out);
    return true;
  }

  /** The model's answer beside what it was sent: `choices` of the chat API, or `usage` alone. */
  function takeAnswer(answer: Json, place: Place, out: TranscriptEvent[]): void {
    for (const choice of choicesOf(answer)) {
      const items = isRecord(choice['message']) ? chatItems(choice['message']) : null;
      if (items) conversationOf(place).append(place, items, modelOf(answer), out);
    }
    const tokens = tokensOf(answer['usage']);
    if (tokens) conversationOf(place).usage(place, tokens, modelOf(answer), out);
  }

  function takeMessage(json: Json, source: Source, out: TranscriptEvent[]): boolean {
    const inner = isRecord(json['message']) && json['role'] === undefined ? json['message'] : json;
    const items = chatItems(inner);
    if (items === null) return false;
    const place = placeOf(json, source);
    const conversation = conversationOf(place);
    conversation.append(place, items, modelOf(json), out);
    const tokens = tokensOf(memberOf(json, 'usage') ?? memberOf(inner, 'usage'));
    if (tokens) conversation.usage(place, tokens, modelOf(json), out);
    return true;
  }

  return createJsonLineReader('openai-chat', counts, {
    take(json, source, out) {
      out.push(...waiting.splice(0));
      if (Array.isArray(json)) return takeList(json, {}, source, out);
      const request = isRecord(json['request']) ? json['request'] : json;
      const list = memberOf(request, 'messages', 'conversation', 'input');
      if (Array.isArray(list)) return takeList(list, { ...request, ...json }, source, out);
      if (choicesOf(json).length === 0) return takeMessage(json, source, out);
      takeAnswer(json, placeOf(json, source), out);
      return true;
    },
    flush(out) {
      out.push(...waiting.splice(0));
      for (const conversation of conversations.values()) conversation.flush(out);
    },
  });
}

const choicesOf = (json: Json): Json[] =>
  (Array.isArray(json['choices']) ? json['choices'] : []).filter(isRecord).slice(0, 16);

const modelOf = (json: Json) => stringOf(memberOf(json, 'model', 'response_model'));

/** `prompt_tokens` of this API has the cached ones in it. */
function tokensOf(usage: unknown): TokenCounts | null {
  if (!isRecord(usage)) return null;
  const input = countOf(memberOf(usage, 'prompt_tokens', 'input_tokens'));
  if (input === null) return null;
  const details = memberOf(usage, 'prompt_tokens_details', 'input_tokens_details');
  const cached = isRecord(details) ? countOf(details['cached_tokens']) : null;
  return {
    input,
    output: countOf(memberOf(usage, 'completion_tokens', 'output_tokens')) ?? 0,
    cached: cached ?? 0,
  };
}
