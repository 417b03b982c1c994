/**
 * Logs of a chat API: each message a line, or each request a line with all that it was sent, its choices and usage.
 * Which of the two depends on the seed, as it does on a real machine on who wrote the logger.
 */
import { join } from 'node:path';
import { createDraw } from '../draw.ts';
import type { Told, Use, WriteTold, Written } from '../types.ts';
import type { WriterOptions } from './write-claude-code.ts';

const idStream = 64;
const instructions =
  'You are the analyst of a scoring line. Answer with figures, use the tools, and say what you could not find out.';

interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | null;
  [member: string]: unknown;
}

export function writeOpenAiChat({ folder, seed, model, wallMs }: WriterOptions): WriteTold {
  const draw = createDraw(seed, idStream, 0);
  const isByRequest = seed % 2 === 1;
  let session = '';
  let file = '';
  let sent: Message[] = [];

  const write = (json: object): Written => ({ file, text: `${JSON.stringify(json)}\n` });
  const line = (at: number, message: Message, more: object = {}): Written =>
    write({ session_id: session, timestamp: new Date(wallMs(at)).toISOString(), ...message, ...more });

  /** A message that the model is sent with its next request. */
  function hear(at: number, message: Message): Written[] {
    sent.push(message);
    return isByRequest ? [] : [line(at, message)];
  }

  function reply({ reply, ids, tokens, written, at }: Extract<Told, { kind: 'reply' }>): Written[] {
    const calls = reply.uses.map((use, index) => callOf(use, ids[index]!));
    const message: Message = {
      role: 'assistant',
      content: reply.text ?? null,
      ...(reply.thinking && { reasoning_content: reply.thinking }),
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    const usage = {
      prompt_tokens: tokens,
      completion_tokens: written,
      total_tokens: tokens + written,
      prompt_tokens_details: { cached_tokens: Math.floor((tokens * 0.8) / 64) * 64 },
    };
    const choice = { index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' };
    const asked = {
      id: `chatcmpl-${draw.hex(24)}`,
      object: 'chat.completion',
      created: Math.floor(wallMs(at) / 1000),
      session_id: session,
      model,
      messages: sent,
      choices: [choice],
      usage,
    };
    const lines = isByRequest ? [write(asked)] : [line(at, message, { model, usage })];
    sent = [...sent, message];
    return lines;
  }

  return (told) => {
    switch (told.kind) {
      case 'session':
        session = `sess_${told.id.replaceAll('-', '').slice(0, 20)}`;
        file = join(folder, 'analyst', `${session}.jsonl`);
        sent = [];
        return hear(told.at, { role: 'system', content: instructions });
      case 'person':
        return hear(told.at, { role: 'user', content: told.text });
      case 'reply':
        return reply(told);
      case 'result':
        return hear(told.at, {
          role: 'tool',
          tool_call_id: `call_${told.id}`,
          content: told.use.outcome.text,
        });
      case 'compaction':
        sent = isByRequest ? [{ role: 'system', content: instructions }] : [];
        return hear(told.at, {
          role: 'system',
          content: `Summary of the conversation so far:\n${told.summary}`,
        });
      case 'turn-end':
        return [];
    }
  };
}

const callOf = ({ tool, input }: Use, id: string) => ({
  id: `call_${id}`,
  type: 'function',
  function: { name: tool, arguments: JSON.stringify(input) },
});
