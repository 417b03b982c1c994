import { isRecord } from '../lib/members.ts';
import { bookkeepingTypes } from './claude-code-shapes.ts';
import { parseLine } from './parse-line.ts';
import { createClaudeCodeReader } from './read-claude-code.ts';
import { createOpenAiChatReader } from './read-openai-chat.ts';
import { createOtelReader } from './read-otel.ts';
import type { TranscriptFormat, TranscriptReader } from './types.ts';

export interface FormatGuess {
  format: TranscriptFormat;
  /** 0 to 1: the share of lines that are of this format, less where they say little. */
  confidence: number;
  /** In words, with numbers. */
  why: string;
}

type Json = Record<string, unknown>;

const roles = new Set(['user', 'assistant', 'system', 'developer', 'tool', 'function']);

/** How much one line speaks for a format: 1 where only that format has such a line. */
const signs: Record<TranscriptFormat, (line: Json | unknown[]) => number> = {
  'claude-code'(line) {
    if (!isRecord(line) || typeof line['type'] !== 'string') return 0;
    const isOwn = ['sessionId', 'parentUuid', 'session_id', 'leafUuid', 'uuid'].some((name) => name in line);
    if (line['type'] === 'user' || line['type'] === 'assistant')
      return isRecord(line['message']) ? (isOwn ? 1 : 0.7) : 0;
    return isOwn || bookkeepingTypes.has(line['type']) ? 0.8 : 0;
  },
  'otel-genai'(line) {
    if (!isRecord(line)) return 0;
    const text = ['resourceSpans', 'resourceLogs', 'spans'].some((name) => Array.isArray(line[name]));
    const context = isRecord(line['context']) ? line['context'] : line;
    const isFlat = ['traceId', 'trace_id', 'spanId', 'span_id'].some((name) => name in context);
    return text ? 1 : isFlat && ('attributes' in line || 'name' in line) ? 0.9 : 0;
  },
  'openai-chat'(line) {
    if (Array.isArray(line))
      return line.some((item) => isRecord(item) && roles.has(String(item['role']))) ? 0.9 : 0;
    const list = line['messages'] ?? line['conversation'];
    if (Array.isArray(list)) return list.some((item) => isRecord(item) && 'role' in item) ? 1 : 0;
    if (roles.has(String(line['role']))) return 'content' in line || 'tool_calls' in line ? 1 : 0.5;
    if (/^(custom_tool_|function_)call(_output)?$/.test(String(line['type']))) return 0.8;
    return isRecord(line['request']) || Array.isArray(line['choices']) ? 0.6 : 0;
  },
};

const mostLinesLooked = 50;

/** Which formats the first lines speak for, the surest first; empty where none. Lines that are cut short don't count against one. */
export function detectFormat(lines: readonly (string | Uint8Array)[]): FormatGuess[] {
  const parsed = lines.slice(0, mostLinesLooked).map((line) => parseLine(line));
  const looked = parsed.filter(({ text }) => text.trim() !== '');
  const whole = looked.flatMap(({ json }) => (json === null ? [] : [json]));
  const guesses = (Object.keys(signs) as TranscriptFormat[]).map((format): FormatGuess => {
    const found = whole.map(signs[format]);
    const fit = found.filter((sign) => sign > 0).length;
    const sum = found.reduce((total, sign) => total + sign, 0);
    const confidence = whole.length === 0 ? 0 : (sum / whole.length) * (whole.length / looked.length) ** 0.25;
    return { format, confidence, why: `${fit} of ${looked.length} lines have its members` };
  });
  return guesses.filter(({ confidence }) => confidence > 0).sort((a, b) => b.confidence - a.confidence);
}

const readers: Record<TranscriptFormat, () => TranscriptReader> = {
  'claude-code': createClaudeCodeReader,
  'otel-genai': createOtelReader,
  'openai-chat': createOpenAiChatReader,
};

export const createTranscriptReader = (format: TranscriptFormat): TranscriptReader => readers[format]();
