import { describe, expect, it } from 'vitest';
import { readText } from './read-bytes.ts';
import { createClaudeCodeReader } from './read-claude-code.ts';
import type { TranscriptEvent } from './types.ts';

let count = 0;
const line = (type: string, more: object) => ({
  type,
  uuid: `u${++count}`,
  sessionId: 's',
  timestamp: '2026-11-24T12:00:00.000Z',
  ...more,
});
const user = (content: unknown, more: object = {}) =>
  line('user', { message: { role: 'user', content }, ...more });
const assistant = (id: string, content: unknown[], usage?: object, more: object = {}) =>
  line('assistant', {
    message: { id, role: 'assistant', model: 'claude-x', content, ...(usage ? { usage } : {}) },
    ...more,
  });
const text = (said: string) => ({ type: 'text', text: said });
const call = (id: string, name = 'Bash', input: unknown = {}) => ({ type: 'tool_use', id, name, input });
const result = (id: string, content: unknown, more: object = {}) => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  ...more,
});

function read(...lines: object[]): { events: TranscriptEvent[]; counts: unknown } {
  const reader = createClaudeCodeReader();
  const events = readText(reader, lines.map((one) => JSON.stringify(one)).join('\n'));
  return { events, counts: reader.counts() };
}
const of = <K extends TranscriptEvent['kind']>(events: TranscriptEvent[], kind: K) =>
  events.filter((event): event is Extract<TranscriptEvent, { kind: K }> => event.kind === kind);

describe('a session file of Claude Code', () => {
  it('counts the tokens of a reply once, though several lines repeat and grow them', () => {
    const usage = (output: number) => ({
      input_tokens: 3,
      cache_creation_input_tokens: 10,
      cache_read_input_tokens: 100,
      output_tokens: output,
    });
    const { events } = read(
      assistant('m1', [text('a')], usage(1)),
      assistant('m1', [call('t1')], usage(1)),
      user([result('t1', 'ok')]),
      assistant('m1', [call('t2')], usage(42)),
      user([result('t2', 'ok')]),
      assistant('m2', [text('b')], usage(5)),
    );
    expect(of(events, 'usage').map(({ input, output, cached }) => [input, output, cached])).toEqual([
      [113, 42, 100],
      [113, 5, 100],
    ]);
  });

  it('gives no usage again for a reply whose lines go on after a flush', () => {
    const reader = createClaudeCodeReader();
    const usage = { input_tokens: 3, output_tokens: 1 };
    reader.push(JSON.stringify(assistant('m1', [text('a')], usage)));
    expect(of(reader.flush(), 'usage')).toHaveLength(1);
    reader.push(JSON.stringify(assistant('m1', [text('b')], usage)));
    expect(of(reader.flush(), 'usage')).toHaveLength(0);
  });

  it('takes a line that a resumed session repeats once', () => {
    const first = user('Hello');
    const { events, counts } = read(first, assistant('m1', [text('Hi')]), first);
    expect(of(events, 'message').map((event) => event.text)).toEqual(['Hello', 'Hi']);
    expect(counts).toMatchObject({ lines: 3, repeated: 1 });
  });

  it('keeps a side chain in a thread of its own', () => {
    const { events } = read(
      user('Look into it'),
      user('Search for the cause', { isSidechain: true, agentId: 'a1' }),
      assistant('m2', [text('Found it')], undefined, { isSidechain: true, agentId: 'a1' }),
    );
    expect(of(events, 'message').map(({ thread }) => thread)).toEqual(['s', 's/a1', 's/a1']);
  });

  it('tells what a person wrote from what the harness put in', () => {
    const { events } = read(
      user('<system-reminder>Be brief</system-reminder>'),
      user(
        '<command-name>/model</command-name>\n<command-message>model</command-message>\n<command-args></command-args>',
      ),
      user(
        '<command-message>fix</command-message>\n<command-name>/fix</command-name>\n<command-args>the scale</command-args>',
      ),
      user('Caveat…', { isMeta: true }),
      line('attachment', {
        attachment: { type: 'queued_command', prompt: 'and the tests', commandMode: 'prompt' },
      }),
      line('attachment', {
        attachment: {
          type: 'queued_command',
          prompt: '<task-notification>…',
          commandMode: 'task-notification',
        },
      }),
      user([{ type: 'text', text: '[Request interrupted by user for tool use]' }]),
      user([
        { type: 'text', text: 'Go on' },
        { type: 'image', source: { type: 'base64', data: 'AAAA' } },
      ]),
    );
    expect(
      of(events, 'message')
        .filter(({ role }) => role === 'person')
        .map((event) => event.text),
    ).toEqual(['the scale', 'and the tests', '[Request interrupted by user for tool use]', 'Go on']);
  });

  it('reads results: text, blocks, images, codes, interruptions', () => {
    const { events } = read(
      assistant('m1', [call('t1'), call('t2', 'WebFetch'), call('t3', 'Read')]),
      user([result('t1', 'partial')], {
        toolUseResult: { stdout: 'partial', stderr: '', interrupted: true },
      }),
      user([result('t2', 'Not Found')], {
        toolUseResult: { bytes: 9, code: 404, codeText: 'Not Found', result: '' },
      }),
      user([
        result('t3', [
          { type: 'text', text: 'a' },
          { type: 'image', source: { type: 'base64', data: 'AAAAAAAA' } },
        ]),
      ]),
      user([
        result('t9', '<tool_use_error>Error: No such tool available: x</tool_use_error>', { is_error: true }),
      ]),
    );
    expect(
      of(events, 'result').map(({ name, text: said, bytes, isError, httpStatus, isInterrupted }) => [
        name,
        said,
        bytes,
        isError,
        httpStatus,
        isInterrupted,
      ]),
    ).toEqual([
      ['Bash', 'partial', 7, false, null, true],
      ['WebFetch', 'Not Found', 9, false, 404, false],
      ['Read', 'a', 6, false, null, false],
      [null, '<tool_use_error>Error: No such tool available: x</tool_use_error>', 65, true, null, false],
    ]);
  });

  it('takes a summary line for a name, unless the conversation goes on in this file', () => {
    const leaf = user('Hello');
    const title = { type: 'summary', summary: 'Scale reads double', leafUuid: 'elsewhere' };
    expect(read(title, leaf).events.map(({ kind }) => kind)).toEqual(['message']);
    expect(read(leaf, title).events.map(({ kind }) => kind)).toEqual(['message']);
    const own = { type: 'summary', summary: 'What was said so far', leafUuid: leaf.uuid };
    expect(of(read(leaf, own).events, 'compaction')).toMatchObject([
      { marker: 'summary', summary: { text: 'What was said so far' } },
    ]);
  });

  it('gives a compaction without a summary, and one without a record', () => {
    const boundary = line('system', {
      subtype: 'compact_boundary',
      content: 'Conversation compacted',
      compactMetadata: { trigger: 'manual', preTokens: 9000 },
    });
    const usage = { input_tokens: 800, output_tokens: 1 };
    const { events } = read(
      user('Hello'),
      boundary,
      assistant('m1', [text('Hi')], usage),
      user('This session is being continued from a previous conversation', { isCompactSummary: true }),
    );
    expect(
      of(events, 'compaction').map(({ marker, trigger, before, summary }) => [
        marker,
        trigger,
        before,
        summary?.cut,
      ]),
    ).toEqual([
      ['record', 'manual', 9000, undefined],
      ['summary', null, 800, 0],
    ]);
    expect(events.map(({ kind }) => kind)).toEqual([
      'message',
      'compaction',
      'message',
      'usage',
      'compaction',
    ]);
  });

  it("takes what the harness says in the model's name for the harness's", () => {
    const { events } = read(
      line('assistant', {
        isApiErrorMessage: true,
        message: {
          model: '<synthetic>',
          content: [text('API Error: 529 Overloaded')],
          usage: { input_tokens: 0, output_tokens: 0 },
        },
      }),
    );
    expect(events).toMatchObject([{ kind: 'message', role: 'system', text: 'API Error: 529 Overloaded' }]);
    expect(events).toHaveLength(1);
  });

  it('reads stream-json, whose harness writes in snake case', () => {
    const { events } = read(
      { type: 'system', subtype: 'init', session_id: 'x', model: 'claude-x' },
      { type: 'assistant', session_id: 'x', message: { id: 'm', role: 'assistant', content: [call('t1')] } },
      { type: 'user', session_id: 'x', parent_tool_use_id: 't1', message: { role: 'user', content: 'Look' } },
      {
        type: 'system',
        subtype: 'compact_boundary',
        session_id: 'x',
        compact_metadata: { trigger: 'auto', pre_tokens: 77 },
      },
      { type: 'result', subtype: 'success', session_id: 'x', is_error: false },
    );
    expect(events.map(({ kind, thread }) => [kind, thread])).toEqual([
      ['call', 'x'],
      ['message', 'x/t1'],
      ['compaction', 'x'],
    ]);
    expect(of(events, 'compaction')[0]!.before).toBe(77);
  });
});
