import {
  callEvent,
  messageEvent,
  resultEvent,
  type Place,
  type ResultNote,
} from '../../common/transcript/reader-base.ts';
import type { TranscriptEvent } from '../../common/transcript/types.ts';

/** One step of a told session; each becomes a line. */
export type Step =
  | { person: string }
  | { agent: string }
  | { system: string }
  | { thinks: string }
  | { call: string; input?: unknown; gives?: string; note?: ResultNote }
  /** A call whose result never came. */
  | { begins: string; input?: unknown }
  | { tokens: number; output?: number }
  | { compaction: string | null; before?: number; carried?: string };

/** Events of a session, as a reader gives them: one line a second, 100 bytes each. */
export function told(steps: Step[], thread = 's'): TranscriptEvent[] {
  return steps.flatMap((step, index): TranscriptEvent[] => {
    const place: Place = {
      source: { line: index + 1, offset: index * 100 },
      at: 1_795_521_600_000_000 + index * 1_000_000,
      session: 's',
      thread,
    };
    const id = `c${index}`;
    if ('person' in step) return [messageEvent(place, 'person', step.person)];
    if ('agent' in step) return [messageEvent(place, 'agent', step.agent)];
    if ('system' in step) return [messageEvent(place, 'system', step.system)];
    if ('thinks' in step) return [messageEvent(place, 'agent', step.thinks, { isThinking: true })];
    if ('begins' in step) return [callEvent(place, id, step.begins, step.input ?? {})];
    if ('tokens' in step)
      return [
        { kind: 'usage', ...place, input: step.tokens, output: step.output ?? 0, cached: 0, model: 'm' },
      ];
    if ('compaction' in step)
      return [
        {
          kind: 'compaction',
          ...place,
          marker: 'record',
          trigger: 'auto',
          before: step.before ?? null,
          after: null,
          summary: step.compaction === null ? null : { text: step.compaction, cut: 0 },
          carried: step.carried === undefined ? null : { text: step.carried, cut: 0 },
        },
      ];
    return [
      callEvent(place, id, step.call, step.input ?? {}),
      resultEvent(place, id, step.call, step.gives ?? '', step.note ?? { isError: false }),
    ];
  });
}

/** A command in a shell. */
export const shell = (command: string, gives = '', note?: ResultNote): Step => ({
  call: 'Bash',
  input: { command },
  gives,
  ...(note ? { note } : {}),
});
