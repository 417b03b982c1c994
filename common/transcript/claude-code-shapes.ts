/**
 * Shapes of Claude Code's session files (`~/.claude/projects/…/*.jsonl`) and of `--output-format stream-json`. There is
 * no specification: these were read from files of versions 1 and 2. Members of the API are in snake_case, members of
 * the harness in camelCase (in stream-json in snake_case too).
 */
import { isRecord } from '../lib/members.ts';
import { countOf, integerOf, memberOf, stringOf } from './parse-line.ts';
import { exitCodeIn } from './result-text.ts';
import type { ResultNote } from './reader-base.ts';

/** Lines that say nothing of the conversation itself. */
export const bookkeepingTypes = new Set([
  'agent-name',
  'ai-title',
  'custom-title',
  'file-history-delta',
  'file-history-snapshot',
  'last-prompt',
  'mode',
  'permission-mode',
  'pr-link',
  'progress',
  'queue-operation',
  'rate_limit_event',
  'result',
  'stream_event',
  'tag',
  'tool_progress',
]);

/** Kinds of text that the harness puts in where a person's would stand. */
const harnessText =
  /^\s*(<(command-|local-command-|bash-|system-reminder|task-notification|user-prompt-submit-hook|ide_)|\[SYSTEM NOTIFICATION|\[Request interrupted by user|Caveat: The messages below were generated)/;
const commandText = /^\s*<command-(name|message)>/;

export const isInterruption = (text: string) => /^\s*\[Request interrupted by user/.test(text);

/** Whether a person wrote this, so far as its text tells. */
export const isPersonsText = (text: string) => !harnessText.test(text);

/** A slash command's arguments are the person's own words. */
export function wordsOfCommand(text: string): string | null {
  if (!commandText.test(text)) return null;
  return stringOf(/<command-args>([\s\S]{0,100000}?)<\/command-args>/.exec(text)?.[1]?.trim());
}

/** The text of `content`: a string, or blocks of which those with text count. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block) => (isRecord(block) && typeof block['text'] === 'string' ? block['text'] : ''))
    .filter((text) => text !== '')
    .join('\n');
}

/** Bytes of what is no text among the blocks (base64 counts as it decodes); null where all is text. */
export function bytesBesideText(content: unknown): number | null {
  if (!Array.isArray(content)) return null;
  let bytes = 0;
  for (const block of content) {
    const data: unknown = isRecord(block) && isRecord(block['source']) ? block['source']['data'] : undefined;
    if (typeof data === 'string') bytes += Math.floor((data.length * 3) / 4);
  }
  return bytes === 0 ? null : bytes;
}

export interface ClaudeUsage {
  input: number;
  output: number;
  cached: number;
}

/** `input_tokens` of this API leaves out what was read from or written to the cache. */
export function usageOf(usage: unknown): ClaudeUsage | null {
  if (!isRecord(usage)) return null;
  const fresh = countOf(usage['input_tokens']);
  if (fresh === null) return null;
  const cached = countOf(usage['cache_read_input_tokens']) ?? 0;
  const written = countOf(usage['cache_creation_input_tokens']) ?? 0;
  return { input: fresh + cached + written, output: countOf(usage['output_tokens']) ?? 0, cached };
}

/** What a result's block, its text and the harness's own record of it say besides the text. */
export function resultNote(block: Record<string, unknown>, text: string, own: unknown): ResultNote {
  const record = isRecord(own) ? own : {};
  const bytes = bytesBesideText(block['content']);
  return {
    // A block without the flag is no failure: the API's default.
    isError: block['is_error'] === true,
    exitCode: integerOf(memberOf(record, 'exitCode', 'exit_code', 'returnCode')) ?? exitCodeIn(text),
    httpStatus: typeof record['codeText'] === 'string' ? countOf(record['code']) : null,
    isInterrupted: record['interrupted'] === true,
    ...(bytes === null ? {} : { bytes }),
  };
}

/** Tokens and trigger of a `compact_boundary`. */
export function boundaryOf(json: Record<string, unknown>) {
  const data = memberOf(json, 'compactMetadata', 'compact_metadata', 'microcompactMetadata');
  const metadata = isRecord(data) ? data : {};
  return {
    trigger: stringOf(metadata['trigger']),
    before: countOf(memberOf(metadata, 'preTokens', 'pre_tokens')),
    after: countOf(memberOf(metadata, 'postTokens', 'post_tokens')),
  };
}
