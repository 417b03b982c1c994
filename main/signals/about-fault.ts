import type { SignalFault } from '../../common/contract/signals.ts';
import { faultTexts, type FaultChange } from '../../common/signal/detect/index.ts';

/** What is told of a fault that is seen, but for its history. `channels`: those of its evidence. */
export function aboutFault(
  seen: FaultChange,
  channels: string[],
): Omit<SignalFault, 'since' | 'times' | 'finding' | 'cleared'> {
  const { fault, device, channel, from, to, confidence, says, next } = seen;
  const { title, rulesOut } = faultTexts[fault];
  const id = keyOfFault(seen);
  return { id, fault, title, device, channel, channels, from, to, confidence, says, next, rulesOut };
}

/** The same for as long as it is seen; the name of its check, too: the last finding of each is what counts on its rung. */
export const keyOfFault = ({ fault, channel }: FaultChange): string => `${fault} ${channel}`;
