/** Which calls failed, so that a call that is tried again because it failed is told from one that goes in circles. */
import {
  createFailureReader,
  type Analysis,
  type CallEvent,
  type FailureOptions,
  type Source,
  type TranscriptEvent,
} from '../../../common/transcript/index.ts';

export interface FailedCalls {
  has(tool: string, call: Source): boolean;
}

const mostOpen = 5_000;
const mostFailed = 50_000;

export function createFailedCalls(options: FailureOptions): Analysis<FailedCalls> {
  const failures = createFailureReader(options);
  const open = new Map<string, CallEvent>();
  const failed = new Set<string>();
  const keyOf = (tool: string, { line }: Source) => `${line} ${tool}`;

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'call') {
        open.set(`${event.thread} ${event.id}`, event);
        if (open.size > mostOpen) open.delete(open.keys().next().value!);
      }
      if (event.kind !== 'result') return;
      const call = open.get(`${event.thread} ${event.call}`) ?? null;
      const sign = failures.signOf(event, call);
      if (call && sign && sign.kind !== 'empty' && failed.size < mostFailed)
        failed.add(keyOf(call.name, call.source));
    },
    facts: () => ({ has: (tool, call) => failed.has(keyOf(tool, call)) }),
  };
}
