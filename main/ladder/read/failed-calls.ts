/** Which calls failed, so that a call that is tried again because it failed is told from one that goes in circles. */
import {
  callFact,
  createFailureReader,
  type Analysis,
  type CallEvent,
  type CallFact,
  type FailureOptions,
  type FailureSign,
  type TranscriptEvent,
} from '../../../common/transcript/index.ts';

export interface FailedCalls {
  has(call: CallFact): boolean;
  /** Whether it failed for a reason that no repetition mends: not out of time, nor for want of a connection. */
  isLasting(call: CallFact): boolean;
}

const mostOpen = 5_000;
const mostFailed = 50_000;

/** One line may hold a whole conversation: the line alone does not tell one call from another. */
export const keyOf = ({ source, tool, input }: CallFact) => `${source.line} ${tool} ${input}`;

export function createFailedCalls(options: FailureOptions): Analysis<FailedCalls> {
  const failures = createFailureReader(options);
  const open = new Map<string, CallEvent>();
  const failed = new Map<string, boolean>();

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
        failed.set(keyOf(callFact(call)), isLasting(sign, event.text));
    },
    facts: () => ({
      has: (call) => failed.has(keyOf(call)),
      isLasting: (call) => failed.get(keyOf(call)) === true,
    }),
  };
}

const passing =
  /\b(?:timed? ?-?out|refused|reset|aborted|unreachable|unavailable|temporar\w*|rate.?limit\w*|too many|overload\w*|busy|locked|try again|retry|network|connect\w*|EAGAIN|5\d\d|408|425|429)\b/i;

function isLasting({ kind, says }: FailureSign, text: string): boolean {
  if (kind === 'time-out' || kind === 'interrupted' || kind === 'rejected') return false;
  return !passing.test(`${says}\n${text.slice(0, 2_000)}`);
}
