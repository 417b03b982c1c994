/**
 * Session files as Claude Code 2 writes them below `~/.claude/projects/`: one JSON object a line, a tree by `uuid` and
 * `parentUuid`. A reply of the model is one line for each of its blocks, all with its id and its usage.
 */
import { join } from 'node:path';
import { createDraw, uuidOf } from '../draw.ts';
import type { Told, Use, WriteTold, Written } from '../types.ts';

const idStream = 63;
const version = '2.1.150';
const cwd = '/opt/qc';

export interface WriterOptions {
  folder: string;
  seed: number;
  model: string;
  wallMs(seconds: number): number;
}

export function writeClaudeCode({ folder, seed, model, wallMs }: WriterOptions): WriteTold {
  const draw = createDraw(seed, idStream, 0);
  let session = '';
  let parent: string | null = null;
  let prompt = '';

  const timeOf = (at: number) => new Date(wallMs(at)).toISOString();

  const write = (json: object): Written => ({
    file: join(folder, 'operator', '-opt-qc', `${session}.jsonl`),
    text: `${JSON.stringify(json)}\n`,
  });

  /** A line of the tree. */
  function node(at: number, own: object, before: string | null = parent): Written {
    const uuid = uuidOf(draw);
    parent = uuid;
    return write({
      parentUuid: before,
      isSidechain: false,
      ...own,
      uuid,
      timestamp: timeOf(at),
      userType: 'external',
      entrypoint: 'cli',
      cwd,
      sessionId: session,
      version,
      gitBranch: 'main',
    });
  }

  function begin(id: string, at: number): Written[] {
    session = id;
    parent = null;
    const messageId = uuidOf(draw);
    const snapshot = { messageId, trackedFileBackups: {}, timestamp: timeOf(at) };
    return [
      write({ type: 'permission-mode', permissionMode: 'acceptEdits', sessionId: session }),
      write({ type: 'file-history-snapshot', messageId, snapshot, isSnapshotUpdate: false }),
    ];
  }

  function reply({ reply, ids, tokens, written, at }: Extract<Told, { kind: 'reply' }>): Written[] {
    const id = `msg_01${draw.hex(22)}`;
    const requestId = `req_011${draw.hex(21)}`;
    const fresh = Math.min(tokens, draw.whole(2, 12));
    const created = Math.min(tokens - fresh, draw.whole(200, 1_800));
    const blocks: object[] = [
      ...(reply.thinking ? [{ type: 'thinking', thinking: reply.thinking, signature: draw.hex(40) }] : []),
      ...(reply.text ? [{ type: 'text', text: reply.text }] : []),
      ...reply.uses.map(({ tool, input }, index) => ({
        type: 'tool_use',
        id: `toolu_01${ids[index]!}`,
        name: tool,
        input,
      })),
    ];
    return blocks.map((block, index) => {
      const isLast = index === blocks.length - 1;
      const stop = isLast ? (reply.uses.length > 0 ? 'tool_use' : 'end_turn') : null;
      const usage = {
        input_tokens: fresh,
        cache_creation_input_tokens: created,
        cache_read_input_tokens: tokens - fresh - created,
        output_tokens: isLast ? written : Math.min(written, draw.whole(1, 8)),
        service_tier: 'standard',
      };
      return node(at, {
        type: 'assistant',
        message: {
          model,
          id,
          type: 'message',
          role: 'assistant',
          content: [block],
          stop_reason: stop,
          stop_sequence: null,
          usage,
        },
        requestId,
      });
    });
  }

  function result({ use, id, at }: Extract<Told, { kind: 'result' }>): Written {
    const { text, failure } = use.outcome;
    const block = {
      tool_use_id: `toolu_01${id}`,
      type: 'tool_result',
      content: text,
      ...(use.tool === 'Bash' || failure !== null ? { is_error: failure !== null } : {}),
    };
    return node(at, {
      promptId: prompt,
      type: 'user',
      message: { role: 'user', content: [block] },
      toolUseResult: recordOf(use),
      sourceToolAssistantUUID: parent,
    });
  }

  return (told) => {
    switch (told.kind) {
      case 'session':
        return begin(told.id, told.at);
      case 'person':
        prompt = uuidOf(draw);
        return [
          node(told.at, { promptId: prompt, type: 'user', message: { role: 'user', content: told.text } }),
        ];
      case 'reply':
        return reply(told);
      case 'result':
        return [result(told)];
      case 'turn-end': {
        const durationMs = Math.round((told.at - told.startedAt) * 1000);
        return [node(told.at, { type: 'system', subtype: 'turn_duration', durationMs, isMeta: false })];
      }
      case 'compaction': {
        const before = parent;
        const boundary = node(
          told.at - 0.2,
          {
            logicalParentUuid: before,
            type: 'system',
            subtype: 'compact_boundary',
            content: 'Conversation compacted',
            isMeta: false,
            level: 'info',
            compactMetadata: { trigger: told.trigger, preTokens: told.before },
          },
          null,
        );
        const content = `This session is being continued from a previous conversation that ran out of context. The summary below covers the earlier portion of the conversation.\n\n${told.summary}`;
        const summary = node(told.at, {
          type: 'user',
          message: { role: 'user', content },
          isVisibleInTranscriptOnly: true,
          isCompactSummary: true,
        });
        return [boundary, summary];
      }
    }
  };
}

/** What the harness keeps of a result for itself; of a failed one its text. */
function recordOf({ tool, input, outcome: { text, failure } }: Use): unknown {
  if (failure !== null) return `Error: ${text}`;
  const records: Record<string, () => unknown> = {
    Bash: () => ({
      stdout: text,
      stderr: '',
      interrupted: false,
      isImage: false,
      noOutputExpected: text === '',
    }),
    Read: () => ({
      type: 'text',
      file: { filePath: input['file_path'], numLines: text.split('\n').length, startLine: 1 },
    }),
    Edit: () => ({
      filePath: input['file_path'],
      oldString: input['old_string'],
      newString: input['new_string'],
      userModified: false,
      replaceAll: false,
    }),
    Write: () => ({
      type: 'create',
      filePath: input['file_path'],
      content: input['content'],
      structuredPatch: [],
    }),
    Grep: () => ({ mode: 'content', numFiles: 0, filenames: [], content: '', numLines: 0 }),
  };
  return records[tool]?.() ?? text;
}
