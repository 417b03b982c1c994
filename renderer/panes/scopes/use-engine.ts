import { useEffect, useMemo, useRef, type RefObject } from 'react';
import type { Mark } from '../../store/document.ts';
import { hostNow } from '../../store/link.ts';
import { isMarked } from '../../store/marks.ts';
import { useRoom } from '../../store/store.ts';
import { problemOf } from '../../client/api.ts';
import { noticeOf } from '../../store/session.ts';
import { createScopeEngine, type LaneSpec, type ScopeEngine } from './scope-engine.ts';
import { createScopeFeed } from './scope-feed.ts';
import { drawRuler } from './ruler.ts';
import { useComparison } from './use-comparison.ts';

/** The engine, fed by the store and the host, painting once a frame while the pane is there. */
export function useEngine(
  lanes: LaneSpec[],
  area: RefObject<HTMLDivElement | null>,
  ruler: RefObject<HTMLCanvasElement | null>,
  onFrame: (engine: ScopeEngine) => void,
): ScopeEngine {
  const engine = useMemo(() => createScopeEngine(() => hostNow(useRoom.getState().clockOffset)), []);
  useFacts(engine, lanes);
  useFeed(engine);
  useComparison(engine);
  const frame = useRef(onFrame);
  useEffect(() => {
    frame.current = onFrame;
  });
  useEffect(() => {
    let request = 0;
    const paint = () => {
      measureArea(engine, area.current);
      engine.paint();
      if (ruler.current) drawRuler(ruler.current, engine.axis(), engine.step());
      frame.current(engine);
      request = requestAnimationFrame(paint);
    };
    request = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(request);
  }, [engine, area, ruler]);
  return engine;
}

/** The engine's facts follow the store: lanes, the window of time, marks and known losses. */
function useFacts(engine: ScopeEngine, lanes: LaneSpec[]): void {
  const scope = useRoom((store) => store.scope);
  const marks = useRoom((store) => store.marks);
  const gaps = useRoom((store) => store.state.gaps);
  useEffect(() => engine.setLanes(lanes), [engine, lanes]);
  useEffect(() => engine.setWindow(scope.span, scope.end), [engine, scope]);
  useEffect(() => {
    const shown = marks.filter(isMarked).map(({ at, kind }) => ({ at, color: colorOfKind[kind] }));
    engine.setMarks(shown);
  }, [engine, marks]);
  useEffect(() => {
    const known = gaps.flatMap(({ data }) =>
      data.from === undefined || (data.what !== 'capture' && data.what !== 'device')
        ? []
        : [{ from: data.from, to: data.to ?? data.from, channels: data.channels ?? null }],
    );
    engine.setGaps(known);
  }, [engine, gaps]);
}

function useFeed(engine: ScopeEngine): void {
  const link = useRoom((store) => store.link);
  useEffect(() => {
    if (link.is !== 'up') return;
    const feed = createScopeFeed(link.api, link.bulk, {
      blocks: engine.take,
      failed: (error) => {
        const problem = problemOf(error);
        if (problem && useRoom.getState().link === link) useRoom.getState().notify(...noticeOf(problem));
      },
    });
    engine.setFeed(feed);
    return () => {
      engine.setFeed(null);
      feed.close();
    };
  }, [engine, link]);
}

/** Canvases have device pixels: one column of data each. */
function measureArea(engine: ScopeEngine, area: HTMLDivElement | null): void {
  const first = area?.querySelector('canvas');
  if (!area || !first) return;
  const ratio = window.devicePixelRatio || 1;
  for (const canvas of area.querySelectorAll('canvas')) {
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    // Setting either clears the canvas, even to the same value.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }
  engine.setSize(first.width, ratio);
}

const colorOfKind: Record<Mark['kind'], string> = {
  human: '#4cc2c4',
  agent: '#b58cff',
  system: '#7f8ea3',
  sensor: '#7f8ea3',
};
