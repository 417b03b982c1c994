/** A session told in steps, as the text of a transcript in each format. */
import type { TranscriptFormat } from '../../common/transcript/index.ts';

export type Told =
  | { person: string }
  | { agent: string; tokens?: number }
  | { call: string; input: Record<string, unknown>; gives: string; isError?: boolean }
  | { compaction: string };

type Counted = Told & { tokens: number };

const session = '4c1de6d1-9e0b-4d61-8a5e-0d4f5b6a7c01';
const begun = Date.parse('2026-11-24T12:00:00Z');
const time = (step: number) => new Date(begun + step * 1_000).toISOString();

/** Lines, each with its end. Replies that tell no tokens were sent as many as the one before. */
export function transcriptText(format: TranscriptFormat, steps: readonly Told[]): string {
  const lines = { 'claude-code': claudeLines, 'openai-chat': chatLines, 'otel-genai': spanLines }[format];
  let tokens = 12_000;
  const counted = steps.map((step): Counted => {
    tokens = 'agent' in step ? (step.tokens ?? tokens) : 'compaction' in step ? 12_000 : tokens;
    return { ...step, tokens };
  });
  return lines(counted)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function claudeLines(steps: readonly Counted[]): object[] {
  let uuid: string | null = null;
  let count = 0;
  const line = (index: number, more: object) => {
    const parentUuid = uuid;
    uuid = `u${count++}`;
    return { parentUuid, sessionId: session, isSidechain: false, uuid, timestamp: time(index), ...more };
  };
  const reply = (index: number, content: object, tokens: number) =>
    line(index, {
      type: 'assistant',
      message: {
        role: 'assistant',
        model: 'm',
        id: `msg_${index}`,
        content: [content],
        usage: { input_tokens: tokens, output_tokens: 20 },
      },
    });
  return steps.flatMap((step, index) => {
    if ('person' in step)
      return [line(index, { type: 'user', message: { role: 'user', content: step.person } })];
    if ('agent' in step) return [reply(index, { type: 'text', text: step.agent }, step.tokens)];
    if ('compaction' in step)
      return [
        line(index, {
          type: 'system',
          subtype: 'compact_boundary',
          compactMetadata: { trigger: 'auto', preTokens: 170_000 },
        }),
        line(index, {
          type: 'user',
          isCompactSummary: true,
          message: { role: 'user', content: step.compaction },
        }),
      ];
    const id = `toolu_${index}`;
    const result = {
      type: 'tool_result',
      tool_use_id: id,
      content: step.gives,
      is_error: step.isError ?? false,
    };
    return [
      reply(index, { type: 'tool_use', id, name: step.call, input: step.input }, step.tokens),
      line(index, { type: 'user', message: { role: 'user', content: [result] } }),
    ];
  });
}

function chatLines(steps: readonly Counted[]): object[] {
  return steps.flatMap((step, index) => {
    const line = (more: object) => ({ session_id: session, timestamp: time(index), ...more });
    const usage = (tokens: number) => ({ prompt_tokens: tokens, completion_tokens: 20 });
    if ('person' in step) return [line({ role: 'user', content: step.person })];
    if ('agent' in step)
      return [line({ role: 'assistant', model: 'm', content: step.agent, usage: usage(step.tokens) })];
    if ('compaction' in step) return [line({ role: 'system', content: continued(step.compaction) })];
    const id = `call_${index}`;
    const asked = {
      id,
      type: 'function',
      function: { name: step.call, arguments: JSON.stringify(step.input) },
    };
    return [
      line({ role: 'assistant', model: 'm', content: null, tool_calls: [asked], usage: usage(step.tokens) }),
      line({ role: 'tool', tool_call_id: id, content: step.gives }),
    ];
  });
}

/** Spans of the Python SDK, one a line: each reply with all that it was sent. */
function spanLines(steps: readonly Counted[]): object[] {
  let sent: object[] = [];
  let count = 0;
  const span = (index: number, name: string, attributes: object, isError = false) => ({
    name,
    context: {
      trace_id: '0x5b8efff798038103d269b633813fc60c',
      span_id: `0x${String(++count).padStart(16, '0')}`,
    },
    start_time: time(index),
    end_time: time(index + 0.5),
    status: { status_code: isError ? 'ERROR' : 'UNSET' },
    attributes: { 'gen_ai.conversation.id': session, ...attributes },
  });
  const reply = (index: number, part: object, tokens: number) => {
    const message = { role: 'assistant', parts: [part] };
    const input = JSON.stringify(sent);
    sent = [...sent, message];
    return span(index, 'chat m', {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': tokens,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.input.messages': input,
      'gen_ai.output.messages': JSON.stringify([message]),
    });
  };
  const hear = (message: object) => void (sent = [...sent, message]);
  return steps.flatMap((step, index) => {
    if ('person' in step) {
      hear({ role: 'user', parts: [{ type: 'text', content: step.person }] });
      return [];
    }
    if ('agent' in step) return [reply(index, { type: 'text', content: step.agent }, step.tokens)];
    if ('compaction' in step) {
      sent = [{ role: 'user', parts: [{ type: 'compaction', content: step.compaction }] }];
      return [];
    }
    const id = `call_${index}`;
    const asked = reply(
      index,
      { type: 'tool_call', id, name: step.call, arguments: step.input },
      step.tokens,
    );
    hear({ role: 'tool', parts: [{ type: 'tool_call_response', id, response: step.gives }] });
    const done = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': step.call,
      'gen_ai.tool.call.id': id,
      'gen_ai.tool.call.arguments': JSON.stringify(step.input),
      'gen_ai.tool.call.result': step.gives,
      ...(step.isError && { 'error.type': 'ToolFailed' }),
    };
    return [asked, span(index, `execute_tool ${step.call}`, done, step.isError)];
  });
}

const continued = (summary: string) =>
  `This session is being continued from a previous conversation that ran out of context. The conversation is summarized below:\n${summary}`;
