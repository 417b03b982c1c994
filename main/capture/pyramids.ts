/** The `.pyr` files of an incident: of the capture that runs, and of those before it. */
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { WarroomError } from '../../common/lib/errors.ts';
import type { ChunkStore } from '../../common/signal/pages.ts';
import type { Chunk } from '../../common/signal/pyramid.ts';
import { identityOf } from './capture-identity.ts';
import { openHistory, pyramidPath, type CaptureHistory, type EarlierCapture } from './history.ts';
import { createPageCaches } from './page-cache.ts';
import type { PyramidEnd } from './pyramid-layout.ts';
import { createPyramidWriter } from './pyramid-writer.ts';
import type { PyramidOptions } from './types.ts';

export interface PyramidsOptions extends PyramidOptions {
  /** The capture that runs. */
  capture: string;
  startedAt: number;
  earlier: EarlierCapture[];
  /** Puts what was captured so far into the capture's file. */
  flush: () => Promise<void>;
  onProblem: (problem: WarroomError | null) => void;
  onHistory: () => void;
}

export interface Pyramids {
  readonly history: CaptureHistory;
  /** Where the series of a channel puts its full chunks. */
  store(channel: ChannelInfo): ChunkStore;
  /** Resolves when nothing waits, or the disk does not take it. */
  flush(): Promise<void>;
  /**
   * After the capture's file is ended: writes the chunks that are not full, and `end`. Null: the file is left without
   * an end, and completed when it is opened again. What fails is told as a problem.
   */
  close(last: { channel: ChannelInfo; chunk: Chunk }[], end: Omit<PyramidEnd, 'mcap'> | null): Promise<void>;
}

export async function startPyramids(options: PyramidsOptions): Promise<Pyramids> {
  const { capture, startedAt, earlier, flush, onProblem, onHistory, cacheBytes, openFile, ...limits } =
    options;
  const caches = createPageCaches(cacheBytes);
  const opening = openFile && { openFile };
  const path = pyramidPath(capture);
  const writer = createPyramidWriter({
    path,
    capture,
    caches,
    beforeChunk: flush,
    onProblem,
    ...limits,
    ...opening,
  });
  const history = await openHistory({
    captures: earlier,
    until: startedAt,
    caches,
    onChange: onHistory,
    onProblem,
    ...opening,
  });
  return {
    history,
    store: (channel) => ({ put: (chunk) => writer.put(channel, chunk) }),
    flush: () => writer.flush(),
    async close(last, end) {
      try {
        await writer.close(last, end && { ...end, mcap: await identityOf(capture) });
      } catch (error) {
        onProblem(error as WarroomError);
      }
      await history.close();
    },
  };
}
