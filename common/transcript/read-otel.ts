import { cutText } from '../lib/cut-text.ts';
import { isRecord } from '../lib/members.ts';
import { createRecentMap, createRecentSet } from './bounds.ts';
import { inputOf, textAndNote } from './chat-message.ts';
import { createConversation, type Conversation } from './conversation.ts';
import { messagesOf, operationOf, usageOfSpan } from './otel-messages.ts';
import { spansOf, type OtelSpan } from './otel-span.ts';
import { integerOf, memberOf, stringOf } from './parse-line.ts';
import { createJsonLineReader, messageEvent, newCounts, type Place } from './reader-base.ts';
import type { Source, TranscriptEvent, TranscriptReader } from './types.ts';

const mostThreads = 64;
const mostSpans = 50_000;

/**
 * Reads spans and events of OpenTelemetry's GenAI conventions. Spans are exported when they end: a line's are put in
 * the order of their beginnings, lines stay in theirs. Each inference tells the whole conversation; what is new in it
 * is given.
 */
export function createOtelReader(): TranscriptReader {
  const counts = newCounts();
  const waiting: TranscriptEvent[] = [];
  const conversations = createRecentMap<Conversation>(mostThreads, (gone) => gone.flush(waiting));
  const spans = createRecentSet(mostSpans);
  /** Traces and conversations whose inferences are told by spans of their own. */
  const detailed = createRecentSet(1_000);

  const conversationOf = (place: Place) => conversations.of(place.thread, () => createConversation(counts));

  function takeInference(span: OtelSpan, place: Place, out: TranscriptEvent[]): void {
    const { attributes } = span;
    const conversation = conversationOf(place);
    const model = stringOf(memberOf(attributes, 'gen_ai.response.model', 'gen_ai.request.model'));
    const { input, output } = messagesOf(span);
    if (input.length > 0) conversation.snapshot(place, input, model, out);
    const answered = { ...place, at: span.end ?? place.at };
    for (const items of output) conversation.append(answered, items, model, out);
    const tokens = usageOfSpan(attributes);
    if (tokens) conversation.usage(answered, tokens, model, out);
    const error = errorOf(span);
    if (error !== null) out.push(messageEvent(answered, 'system', `The model did not answer: ${error}`));
  }

  function takeTool(span: OtelSpan, place: Place, out: TranscriptEvent[]): void {
    const { attributes } = span;
    const error = errorOf(span);
    const result = memberOf(
      attributes,
      'gen_ai.tool.call.result',
      'gen_ai.tool.message',
      'gen_ai.tool.output',
    );
    const { text, note } = textAndNote(result, {});
    const name = stringOf(attributes['gen_ai.tool.name']) ?? span.name.replace(/^execute_tool /, '');
    const input = inputOf(memberOf(attributes, 'gen_ai.tool.call.arguments', 'gen_ai.tool.arguments'));
    const exitCode = integerOf(attributes['process.exit.code']) ?? note.exitCode ?? null;
    const httpStatus = integerOf(attributes['http.response.status_code']) ?? note.httpStatus ?? null;
    conversationOf(place).toolRun(
      { ...place, at: span.end ?? place.at },
      {
        id: stringOf(attributes['gen_ai.tool.call.id']),
        name: name || 'tool',
        input,
        text: text === '' && error !== null ? error : text,
        note: { ...note, exitCode, httpStatus, isError: error !== null },
      },
      out,
    );
  }

  /** False where the span says nothing of a conversation. */
  function takeSpan(span: OtelSpan, source: Source, out: TranscriptEvent[]): boolean {
    const operation = operationOf(span);
    if (operation === null) return false;
    // Log records share the id of the span that they tell more of.
    const isSpan = span.name !== '' && span.events[0]?.name !== span.name;
    if (isSpan && span.id !== '' && !spans.add(`${span.trace} ${span.id}`)) {
      counts.repeated++;
      return true;
    }
    const place = placeOf(span, source);
    if (operation === 'tool') takeTool(span, place, out);
    else if (operation === 'inference') {
      detailed.add(keyOf(span, source));
      takeInference(span, place, out);
    } else if (!detailed.has(keyOf(span, source))) takeInference(span, place, out);
    return true;
  }

  return createJsonLineReader('otel-genai', counts, {
    take(json, source, out) {
      out.push(...waiting.splice(0));
      const found = isRecord(json) ? spansOf(json) : null;
      if (found === null) return false;
      // An agent's own span begins before those of its inferences, and may be exported with them.
      for (const span of found) if (operationOf(span) === 'inference') detailed.add(keyOf(span, source));
      for (const span of found) if (!takeSpan(span, source, out)) counts.bookkeeping++;
      return true;
    },
    flush(out) {
      out.push(...waiting.splice(0));
      for (const conversation of conversations.values()) conversation.flush(out);
    },
  });
}

/** What the spans of one run of an agent have in common. */
const keyOf = (span: OtelSpan, source: Source) => span.trace || placeOf(span, source).session;

function placeOf({ attributes, trace, start }: OtelSpan, source: Source): Place {
  const named = stringOf(memberOf(attributes, 'gen_ai.conversation.id', 'session.id', 'gen_ai.thread.id'));
  const session = cutText(named ?? trace, 256);
  const agent = stringOf(memberOf(attributes, 'gen_ai.agent.name', 'gen_ai.agent.id'));
  const thread = agent === null ? session : `${session}/${cutText(agent, 256)}`;
  return { source, at: start, session, thread };
}

/** How a span says that it failed; null where it does not. */
function errorOf({ attributes, isError, statusText, events }: OtelSpan): string | null {
  const type = stringOf(attributes['error.type']);
  if (!isError && type === null) return null;
  const exception = events.find(({ name }) => name === 'exception')?.attributes ?? {};
  const said = statusText || (stringOf(exception['exception.message']) ?? '');
  return [type ?? stringOf(exception['exception.type']), said].filter(Boolean).join(': ') || 'error';
}
