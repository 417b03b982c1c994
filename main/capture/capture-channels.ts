import type { ChannelInfo } from '../../common/incident/entries.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Chunk } from '../../common/signal/pyramid.ts';
import { createSeries, type Series } from '../../common/signal/series.ts';
import type { Pyramids } from './pyramids.ts';
import type { CaptureChannel } from './types.ts';

export interface Channel {
  info: ChannelInfo;
  device: string;
  series: Series;
  /** False for one that only earlier captures have, until its device is added. */
  isRecorded: boolean;
  /** Number of the block that is due; null: whatever comes. */
  due: number | null;
  lost: number;
}

/** The channels of a capture: those that are recorded, and those that only earlier captures have. */
export interface CaptureChannels {
  find(id: string): Channel | undefined;
  /** Throws `not-found`. */
  of(id: string): Channel;
  /** Takes on a channel that is recorded. What an earlier capture says of its kind and name no longer counts. */
  record(info: ChannelInfo, device: string): Channel;
  /** Puts what is known of the earlier captures before what came since. */
  takeHistory(): void;
  list(): CaptureChannel[];
  /** Of the channels that have samples of this run: what is not in a full chunk, and until when each was heard. */
  atTheEnd(): {
    last: { channel: ChannelInfo; chunk: Chunk }[];
    heard: Record<string, number>;
    /** Nothing of them was given up. */
    isWhole: boolean;
  };
}

export function createCaptureChannels({ history, store }: Pyramids): CaptureChannels {
  const byId = new Map<string, Channel>();

  function add(info: ChannelInfo, device: string, isRecorded: boolean): Channel {
    const series = createSeries({ kind: info.kind, store: store(info) });
    series.setHistory(history.of(info.id));
    const channel: Channel = { info, device, series, isRecorded, due: null, lost: 0 };
    byId.set(info.id, channel);
    return channel;
  }

  return {
    find: (id) => byId.get(id),
    of(id) {
      const found = byId.get(id);
      if (!found)
        throw new WarroomError('not-found', `The capture has no channel ${id}.`, 'Connect its device first.');
      return found;
    },
    record: (info, device) => add(info, device, true),
    takeHistory() {
      for (const info of history.channels()) {
        const known = byId.get(info.id);
        if (known) known.series.setHistory(history.of(info.id));
        else add(info, info.id.split('/')[0]!, false);
      }
    },
    list: () =>
      [...byId.values()].map(({ info, series, lost }) => ({
        ...info,
        first: series.firstTime || 0,
        last: series.lastTime || 0,
        samples: series.count,
        lost,
      })),
    atTheEnd() {
      const own = [...byId.values()].filter(({ series }) => series.appended > 0);
      return {
        last: own.flatMap(({ info, series }) => {
          const chunk = series.tail();
          return chunk ? [{ channel: info, chunk }] : [];
        }),
        heard: Object.fromEntries(own.map(({ info, series }) => [info.id, series.heardUntil])),
        isWhole: own.every(({ series }) => series.givenUp.length === 0),
      };
    },
  };
}
