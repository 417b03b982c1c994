import { useEffect, useMemo } from 'react';
import type { KeptEvidence } from '../../../common/incident/state.ts';
import { problemOf } from '../../client/api.ts';
import { mostLanes } from '../../store/lanes.ts';
import { noticeOf } from '../../store/session.ts';
import { useRoom } from '../../store/store.ts';
import type { GhostWindow } from './ghost.ts';
import type { ScopeEngine } from './scope-engine.ts';
import { createScopeFeed } from './scope-feed.ts';

/** A kept stretch of the scopes. */
export type KeptWindow = KeptEvidence & {
  of: { channels: string[]; from: number; to: number; at?: number | undefined };
};

/** Kept evidence that is a stretch of the scopes: its samples are still in the capture. */
export function isKeptWindow(kept: KeptEvidence): kept is KeptWindow {
  const { of } = kept;
  return (
    kept.kind === 'capture' && of?.channels !== undefined && of.from !== undefined && of.to !== undefined
  );
}

/** The kept window that lies under the traces; null while there is none. */
export function useCompared(): KeptWindow | null {
  const id = useRoom((store) => store.comparison?.evidence);
  const kept = useRoom((store) => store.state.evidence.find((each) => each.id === id));
  return kept && isKeptWindow(kept) ? kept : null;
}

/** Gives the engine the kept window to compare with, and the columns of it. */
export function useComparison(engine: ScopeEngine): void {
  const window = useGhostWindow();
  const link = useRoom((store) => store.link);
  const isOn = window !== null;
  useEffect(() => {
    if (!isOn || link.is !== 'up') return;
    const feed = createScopeFeed(link.api, link.bulk, {
      blocks: engine.ghost.take,
      failed: (error) => {
        const problem = problemOf(error);
        if (!problem || useRoom.getState().link !== link) return;
        useRoom.getState().setScopeView({ comparison: null });
        useRoom.getState().notify(...noticeOf(problem));
      },
    });
    engine.ghost.setFeed(feed);
    return () => {
      engine.ghost.setFeed(null);
      feed.close();
    };
  }, [engine, link, isOn]);
  useEffect(() => engine.ghost.setWindow(window), [engine, window]);
}

function useGhostWindow(): GhostWindow | null {
  const kept = useCompared();
  const align = useRoom((store) => store.comparison?.align);
  const fired = useRoom((store) => store.trigger?.segment?.at ?? null);
  const known = useRoom((store) => store.channels.map(({ id }) => id).join(' '));
  return useMemo(() => {
    if (!kept) return null;
    const { channels, from, to, at } = kept.of;
    const here = known.split(' ');
    const anchor = align === 'trigger' && fired !== null && at !== undefined ? { of: at, on: fired } : null;
    return { channels: channels.filter((id) => here.includes(id)).slice(0, mostLanes), from, to, anchor };
  }, [kept, align, fired, known]);
}
