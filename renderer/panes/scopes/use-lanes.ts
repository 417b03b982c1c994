import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { CaptureChannel } from '../../store/channels.ts';
import { colorPlace, shownLanes } from '../../store/lanes.ts';
import { useRoom } from '../../store/store.ts';
import type { LaneSpec } from './scope-engine.ts';

const traces = ['--trace-a', '--trace-b', '--trace-c', '--trace-d'];
/** The tokens' values: a canvas knows no variables. */
const inks = ['#5aa9ff', '#f2a65a', '#57c785', '#e573b5'];
/** Samples of an unknown rate are joined over this, microseconds. */
const joinUnknown = 500_000;

/** The colour of a channel's trace, as CSS. */
export function traceColor(channels: readonly CaptureChannel[], id: string): string {
  return `var(${traces[colorPlace(channels, id) % traces.length]!})`;
}

/** The channels that are drawn, in their order, each with its CSS colour. */
export function useShownChannels(): { channel: CaptureChannel; color: string }[] {
  const channels = useRoom((store) => store.channels);
  const hiddenLanes = useRoom((store) => store.hiddenLanes);
  const laneOrder = useRoom((store) => store.laneOrder);
  return shownLanes(channels, { hiddenLanes, laneOrder }).map((channel) => ({
    channel,
    color: traceColor(channels, channel.id),
  }));
}

/** Reports of channels come often; the lanes change only when a channel, their choice or the order of its rate does. */
export function useLaneSpecs(): LaneSpec[] {
  const facts = useRoom(
    useShallow((store) =>
      shownLanes(store.channels, store).map((channel) => {
        const ink = inks[colorPlace(store.channels, channel.id) % inks.length]!;
        return [channel.id, ink, joinOf(channel), channel.kind].join('\n');
      }),
    ),
  );
  return useMemo(() => facts.map(specOf), [facts]);
}

function specOf(fact: string): LaneSpec {
  const [id, color, join, kind] = fact.split('\n') as [string, string, string, string];
  return { id, color, joinWithin: Number(join), isStep: kind === 'step' };
}

/** Four periods at the channel's rate, in powers of two so that it does not change with every report. */
function joinOf({ kind, perSecond }: CaptureChannel): number {
  if (kind === 'step' || !perSecond) return joinUnknown;
  return 2 ** Math.ceil(Math.log2(4e6 / perSecond));
}
