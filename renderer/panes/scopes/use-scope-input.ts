import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { hostNow } from '../../store/link.ts';
import { returnToNow } from '../../store/seek.ts';
import { useRoom } from '../../store/store.ts';
import type { ScopeEngine } from './scope-engine.ts';
import { endOf, timeAt, zoomAbout } from './time-axis.ts';

/** Where the pointer is: its share of the width. Which column that is changes as the axis moves under it. */
export interface ScopeCursor {
  share: number;
}

/** The absolute column under the pointer now. */
export function columnUnder(engine: ScopeEngine, { share }: ScopeCursor): number {
  const axis = engine.axis();
  return axis.end - axis.width + Math.min(axis.width - 1, Math.floor(share * axis.width));
}

interface Drag {
  x: number;
  end: number;
  /** Set while a stretch is being selected. */
  from: number | null;
}

const zoomStep = 1.5;
const moveShare = 0.1;

/** Wheel, drag, selection and keys of the scopes. Moving away from the present holds; End follows again. */
export function useScopeInput(engine: ScopeEngine, area: RefObject<HTMLDivElement | null>) {
  const [cursor, setCursor] = useState<ScopeCursor | null>(null);
  const drag = useRef<Drag | null>(null);
  useWheel(area);

  const shareOf = (event: { clientX: number }) => {
    const box = area.current?.getBoundingClientRect();
    return box && box.width > 0 ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 0;
  };
  const pointer = {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const axis = engine.axis();
      const at = timeAt(axis, shareOf(event) * axis.width);
      drag.current = { x: event.clientX, end: endOf(axis), from: event.shiftKey ? at : null };
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const axis = engine.axis();
      const share = shareOf(event);
      const x = share * axis.width;
      setCursor({ share });
      if (drag.current) dragged(drag.current, event, axis.width * axis.dt, timeAt(axis, x));
    },
    onPointerUp: () => {
      drag.current = null;
    },
    onPointerLeave: () => setCursor(null),
  };
  const dragged = (from: Drag, event: PointerEvent<HTMLDivElement>, span: number, at: number) => {
    const store = useRoom.getState();
    if (from.from !== null)
      return store.set({ selection: { from: Math.min(from.from, at), to: Math.max(from.from, at) } });
    const moved = event.clientX - from.x;
    const width = event.currentTarget.clientWidth;
    if (Math.abs(moved) > 2 || store.scope.end !== null) moveTo(from.end - (moved / width) * span);
  };
  return { cursor, pointer, onKeyDown };
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { scope, clockOffset } = useRoom.getState();
  const end = scope.end ?? hostNow(clockOffset);
  const actions: Record<string, () => void> = {
    '+': () => zoom(1 / zoomStep, 1),
    '=': () => zoom(1 / zoomStep, 1),
    '-': () => zoom(zoomStep, 1),
    ArrowLeft: () => moveTo(end - scope.span * moveShare),
    ArrowRight: () => moveTo(end + scope.span * moveShare),
    End: returnToNow,
    Escape: () => useRoom.getState().set({ selection: null }),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Past the present there is nothing: the axis follows it from there. */
function moveTo(end: number): void {
  const { setScope, clockOffset } = useRoom.getState();
  setScope({ end: end >= hostNow(clockOffset) ? null : end });
}

/** Zooms about a share of the width; while following, the present stays at the right edge. */
function zoom(factor: number, share: number): void {
  const { scope, setScope, clockOffset } = useRoom.getState();
  const next = zoomAbout(
    scope.span,
    scope.end ?? hostNow(clockOffset),
    factor,
    scope.end === null ? 1 : share,
  );
  setScope({ span: next.span, end: scope.end === null ? null : next.end });
}

/** A wheel listener of React's is passive and could not keep the page from scrolling. */
function useWheel(area: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const onWheel = (event: WheelEvent) => {
      const lanes = area.current;
      if (!lanes || !(event.target instanceof Node) || !lanes.contains(event.target)) return;
      event.preventDefault();
      const box = lanes.getBoundingClientRect();
      const { scope } = useRoom.getState();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
        return moveTo(
          (scope.end ?? hostNow(useRoom.getState().clockOffset)) + (event.deltaX / box.width) * scope.span,
        );
      zoom(Math.exp(event.deltaY / 400), (event.clientX - box.left) / box.width);
    };
    document.addEventListener('wheel', onWheel, { passive: false });
    return () => document.removeEventListener('wheel', onWheel);
  }, [area]);
}
