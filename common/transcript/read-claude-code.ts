import { isRecord } from '../lib/members.ts';
import { cutText } from '../lib/cut-text.ts';
import { createRecentMap, createRecentSet, excerpt } from './bounds.ts';
import {
  bookkeepingTypes,
  boundaryOf,
  contentText,
  isInterruption,
  isPersonsText,
  resultNote,
  usageOf,
  wordsOfCommand,
  type ClaudeUsage,
} from './claude-code-shapes.ts';
import { memberOf, stringOf, timeOf } from './parse-line.ts';
import {
  callEvent,
  createJsonLineReader,
  messageEvent,
  newCounts,
  resultEvent,
  type Place,
} from './reader-base.ts';
import type { CompactionEvent, Source, TranscriptEvent, TranscriptReader } from './types.ts';

type Json = Record<string, unknown>;

/** What is open in one thread. */
interface Thread {
  /** One reply of the API is several lines with one id and a usage that grows: it counts once, at its end. */
  usage: { id: string; place: Place; usage: ClaudeUsage; model: string | null } | null;
  /** The reply whose usage was given last: lines of it may still come after a flush. */
  givenUsage: string | null;
  /** A compaction's record waits for its summary, which is the message after it. */
  compaction: CompactionEvent | null;
  /** Names of the tools of recent calls by their ids. */
  tools: ReturnType<typeof createRecentMap<string>>;
  /** Tokens of the newest reply. */
  lastInput: number | null;
  hasMessages: boolean;
}

const mostThreads = 64;
const mostUuids = 50_000;
const mostCalls = 1_000;

/** Reads Claude Code's session files. */
export function createClaudeCodeReader(): TranscriptReader {
  const counts = newCounts();
  const uuids = createRecentSet(mostUuids);
  const waiting: TranscriptEvent[] = [];
  const threads = createRecentMap<Thread>(mostThreads, (thread) => settle(thread, waiting));

  function threadOf({ thread }: Place): Thread {
    return threads.of(thread, () => ({
      usage: null,
      givenUsage: null,
      compaction: null,
      tools: createRecentMap<string>(mostCalls),
      lastInput: null,
      hasMessages: false,
    }));
  }

  function takeUser(json: Json, place: Place, out: TranscriptEvent[]): void {
    const thread = threadOf(place);
    const message = isRecord(json['message']) ? json['message'] : {};
    const content = message['content'];
    if (json['isCompactSummary'] === true) return takeSummary(thread, contentText(content), place, out);
    const blocks = Array.isArray(content) ? content.filter(isRecord) : [];
    const results = blocks.filter((block) => block['type'] === 'tool_result');
    const texts = typeof content === 'string' ? content : contentText(content);
    if (results.length === 0 || texts !== '') settle(thread, out);
    for (const block of results)
      takeResult(block, results.length === 1 ? ownRecord(json) : undefined, place, out);
    if (texts === '') return;
    thread.hasMessages = true;
    const words = wordsOfCommand(texts);
    const isPerson = json['isMeta'] !== true && (words !== null || isPersonsText(texts));
    out.push(messageEvent(place, isPerson || isInterruption(texts) ? 'person' : 'system', words ?? texts));
  }

  function takeResult(block: Json, own: unknown, place: Place, out: TranscriptEvent[]): void {
    const id = stringOf(block['tool_use_id']) ?? '';
    const text = contentText(block['content']);
    const name = threadOf(place).tools.get(id) ?? null;
    out.push(resultEvent(place, id, name, text, resultNote(block, text, own)));
  }

  function takeSummary(thread: Thread, text: string, place: Place, out: TranscriptEvent[]): void {
    const record = thread.compaction;
    thread.compaction = null;
    settle(thread, out);
    out.push({ ...(record ?? compactionEvent(place, thread, null)), summary: excerpt(text) });
  }

  function takeAssistant(json: Json, place: Place, out: TranscriptEvent[]): void {
    const thread = threadOf(place);
    const message = isRecord(json['message']) ? json['message'] : {};
    const model = stringOf(message['model']);
    const id = stringOf(message['id']) ?? stringOf(json['uuid']) ?? '';
    if (thread.usage?.id !== id) settle(thread, out);
    thread.hasMessages = true;
    // What the harness says in the model's name, as that the API did not answer.
    const isSynthetic = model === '<synthetic>' || json['isApiErrorMessage'] === true;
    const content = message['content'];
    for (const block of Array.isArray(content) ? content : [{ type: 'text', text: content }])
      if (isRecord(block)) takeBlock(block, isSynthetic, model, place, out);
    const usage = isSynthetic ? null : usageOf(message['usage']);
    if (usage && thread.givenUsage !== id) thread.usage = { id, place, usage, model };
  }

  function takeBlock(
    block: Json,
    isSynthetic: boolean,
    model: string | null,
    place: Place,
    out: TranscriptEvent[],
  ): void {
    const text = stringOf(memberOf(block, 'text', 'thinking'));
    if (block['type'] === 'thinking' || block['type'] === 'redacted_thinking')
      return void (text && out.push(messageEvent(place, 'agent', text, { isThinking: true, model })));
    const name = stringOf(block['name']);
    if (name !== null && /tool_use$/.test(String(block['type']))) {
      const id = stringOf(block['id']) ?? '';
      threadOf(place).tools.of(id, () => name);
      return void out.push(callEvent(place, id, name, block['input']));
    }
    // What a tool of the server gave stands in the reply itself.
    if (/tool_result$/.test(String(block['type']))) return takeServerResult(block, place, out);
    if (text !== null) out.push(messageEvent(place, isSynthetic ? 'system' : 'agent', text, { model }));
  }

  function takeServerResult(block: Json, place: Place, out: TranscriptEvent[]): void {
    const content = block['content'];
    const isError = isRecord(content) && /error$/.test(String(content['type']));
    const text = isRecord(content)
      ? (stringOf(content['error_code']) ?? contentText([content]))
      : contentText(content);
    takeResult(
      { ...block, content: text, is_error: isError || block['is_error'] === true },
      null,
      place,
      out,
    );
  }

  function takeSystem(json: Json, place: Place, out: TranscriptEvent[]): void {
    const thread = threadOf(place);
    const subtype = stringOf(json['subtype']) ?? '';
    if (subtype === 'compact_boundary' || subtype === 'microcompact_boundary') {
      settle(thread, out);
      thread.compaction = compactionEvent(place, thread, json);
      return;
    }
    const content = stringOf(json['content']);
    if (subtype === 'api_error' || content === null) return void counts.bookkeeping++;
    out.push(messageEvent(place, 'system', content));
  }

  /** A `summary` line names a conversation. It stands for a compaction only where the conversation goes on in this file. */
  function takeSummaryLine(json: Json, place: Place, out: TranscriptEvent[]): boolean {
    const text = stringOf(json['summary']);
    if (text === null) return false;
    const thread = threadOf(place);
    const leaf = stringOf(json['leafUuid']);
    if (!thread.hasMessages || (leaf !== null && !uuids.has(leaf))) counts.bookkeeping++;
    else takeSummary(thread, text, place, out);
    return true;
  }

  function takeAttachment(json: Json, place: Place, out: TranscriptEvent[]): void {
    const data = isRecord(json['attachment']) ? json['attachment'] : {};
    const prompt = contentText(data['prompt']);
    const isQueued = data['type'] === 'queued_command' && (data['commandMode'] ?? 'prompt') === 'prompt';
    if (!isQueued || prompt === '' || !isPersonsText(prompt)) return void counts.bookkeeping++;
    // Typed while the agent worked; it never becomes a line of its own.
    settle(threadOf(place), out);
    out.push(messageEvent(place, 'person', prompt));
  }

  const takers: Record<string, (json: Json, place: Place, out: TranscriptEvent[]) => void> = {
    user: takeUser,
    assistant: takeAssistant,
    system: takeSystem,
    attachment: takeAttachment,
    // Some versions have the boundary as a type of its own.
    compact_boundary: (json, place, out) => takeSystem({ ...json, subtype: 'compact_boundary' }, place, out),
  };

  /** Files without session ids are one session; a side chain's line may name its agent only. */
  let session = '';
  function placeOf(json: Json, source: Source): Place {
    session = cutText(stringOf(memberOf(json, 'sessionId', 'session_id')) ?? session, 256);
    const agent = stringOf(memberOf(json, 'agentId', 'parent_tool_use_id'));
    const isSide = json['isSidechain'] === true || agent !== null;
    const thread = isSide ? `${session}/${cutText(agent ?? 'side', 256)}` : session;
    return { source, at: timeOf(json['timestamp']), session, thread };
  }

  return createJsonLineReader('claude-code', counts, {
    take(json, source, out) {
      out.push(...waiting.splice(0));
      if (!isRecord(json)) return false;
      const type = stringOf(json['type']) ?? '';
      const place = placeOf(json, source);
      if (type === 'summary') return takeSummaryLine(json, place, out);
      const take = Object.hasOwn(takers, type) ? takers[type] : undefined;
      if (!take) {
        if (bookkeepingTypes.has(type)) counts.bookkeeping++;
        return bookkeepingTypes.has(type);
      }
      const uuid = stringOf(json['uuid']);
      // A resumed session and a fork repeat the lines of what they go on from.
      if (uuid !== null && !uuids.add(uuid)) counts.repeated++;
      else take(json, place, out);
      return true;
    },
    flush(out) {
      out.push(...waiting.splice(0));
      for (const thread of threads.values()) settle(thread, out);
    },
  });
}

const ownRecord = (json: Json) => memberOf(json, 'toolUseResult', 'tool_use_result');

function compactionEvent(place: Place, thread: Thread, record: Json | null): CompactionEvent {
  const { trigger, before, after } = boundaryOf(record ?? {});
  return {
    kind: 'compaction',
    ...place,
    marker: record === null ? 'summary' : 'record',
    trigger,
    before: before ?? thread.lastInput,
    after,
    summary: null,
    carried: null,
  };
}

/** Gives what is open in a thread: its reply's usage, and a compaction that no summary followed. */
function settle(thread: Thread, out: TranscriptEvent[]): void {
  if (thread.usage) {
    const { id, place, usage, model } = thread.usage;
    thread.givenUsage = id;
    out.push({ kind: 'usage', ...place, ...usage, model });
    thread.lastInput = usage.input;
    thread.usage = null;
  }
  if (thread.compaction) {
    out.push(thread.compaction);
    thread.compaction = null;
  }
}
