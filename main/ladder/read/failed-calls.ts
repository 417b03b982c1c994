/** Which calls failed, so that a call that is tried again because it failed is told from one that goes in circles. */
import {
  callFact,
  createFailureReader,
  type Analysis,
  type CallEvent,
  type CallFact,
  type FailureOptions,
  type TranscriptEvent,
} from '../../../common/transcript/index.ts';

export interface FailedCalls {
  has(call: CallFact): boolean;
}

const mostOpen = 5_000;
const mostFailed = 50_000;

/** One line may hold a whole conversation: the line alone does not tell one call from another. */
export const keyOf = ({ source, tool, input }: CallFact) => `${source.line} ${tool} ${input}`;

export function createFailedCalls(options: FailureOptions): Analysis<FailedCalls> {
  const failures = createFailureReader(options);
  const open = new Map<string, CallEvent>();
  const failed = new Set<string>();

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
        failed.add(keyOf(callFact(call)));
    },
    facts: () => ({ has: (call) => failed.has(keyOf(call)) }),
  };
}
