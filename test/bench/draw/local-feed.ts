import {
  decodeScopeBlocks,
  encodeScopeBlocks,
  type ScopeBlock,
} from '../../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../../common/contract/capture.ts';
import type { Series } from '../../../common/signal/series.ts';
import { createViewChannel, type ViewChannel } from '../../../main/capture/view-channel.ts';
import type { ScopeEngine } from '../../../renderer/panes/scopes/scope-engine.ts';
import type { ScopeFeed } from '../../../renderer/panes/scopes/scope-feed.ts';

const room = 1 << 24;

/** The host's half of a view without a wire: the same columns, written and read as they go over it. */
export function createLocalFeed(engine: ScopeEngine, series: Map<string, Series>) {
  let shown: ScopeView | null = null;
  let channels: ViewChannel[] = [];
  const feed: ScopeFeed = {
    show(view) {
      shown = view;
      channels = view.channels.map((id, index) => createViewChannel(series.get(id)!, index, view));
    },
    close: () => undefined,
  };
  return {
    feed,
    /** Gives the engine what changed since the last time. */
    pump(now: number): void {
      if (!shown) return;
      const blocks: ScopeBlock[] = [{ kind: 'now', at: now }];
      for (const channel of channels) blocks.push(...channel.take(room, now).blocks);
      engine.take(shown, decodeScopeBlocks(encodeScopeBlocks(blocks)));
    },
  };
}
