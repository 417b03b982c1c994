import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { columnAt, timeOfColumn } from '../../commands/scope-axis.ts';
import { escapeScopes, moveCursor } from '../../commands/scope-commands.ts';
import { hostNow } from '../../store/link.ts';
import { returnToNow } from '../../store/seek.ts';
import { useRoom } from '../../store/store.ts';
import type { ScopeEngine } from './scope-engine.ts';
import { endOf, timeAt, zoomAbout } from './time-axis.ts';

/** The absolute column under the pointer now: it changes as the axis moves under a pointer that rests. */
export function columnUnder(engine: ScopeEngine, pointer: number): number {
  return columnAt(engine.axis(), pointer);
}

interface Drag {
  x: number;
  end: number;
  /** Set while a stretch is being selected. */
  from: number | null;
  /** It went further than a hand that presses does. */
  hasMoved: boolean;
}

const zoomStep = 1.5;
const moveShare = 0.1;
const pageShare = 0.5;
/** CSS pixels. */
const stillWithin = 3;
const fastStep = 10;

/**
 * Wheel, drag, selection, cursors and keys of the scopes. Moving away from the present holds; End follows again. A press
 * puts cursor A, one with Shift cursor B.
 */
export function useScopeInput(engine: ScopeEngine, area: RefObject<HTMLDivElement | null>) {
  const { setScopeView, placeCursor } = useRoom.getState();
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
      drag.current = {
        x: event.clientX,
        end: endOf(axis),
        from: event.shiftKey ? at : null,
        hasMoved: false,
      };
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const axis = engine.axis();
      const share = shareOf(event);
      const x = share * axis.width;
      setScopeView({ pointer: share });
      if (drag.current) dragged(drag.current, event, axis.width * axis.dt, timeAt(axis, x));
    },
    onPointerUp: (event: PointerEvent<HTMLDivElement>) => {
      const axis = engine.axis();
      if (drag.current?.hasMoved === false)
        placeCursor(event.shiftKey ? 'b' : 'a', timeOfColumn(axis, columnAt(axis, shareOf(event))));
      drag.current = null;
    },
    onPointerCancel: () => {
      drag.current = null;
    },
    onPointerLeave: () => setScopeView({ pointer: null }),
  };
  const dragged = (from: Drag, event: PointerEvent<HTMLDivElement>, span: number, at: number) => {
    const store = useRoom.getState();
    from.hasMoved ||= Math.abs(event.clientX - from.x) >= stillWithin;
    if (!from.hasMoved) return;
    if (from.from !== null)
      return store.set({ selection: { from: Math.min(from.from, at), to: Math.max(from.from, at) } });
    const moved = event.clientX - from.x;
    const width = event.currentTarget.clientWidth;
    moveTo(from.end - (moved / width) * span);
  };
  useEffect(() => () => setScopeView({ pointer: null }), [setScopeView]);
  const keyDown = (event: KeyboardEvent) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way === undefined || !isOurs(event)) return onKeyDown(event);
    event.preventDefault();
    const lane = area.current?.querySelector('.scope')?.clientHeight ?? 0;
    area.current?.parentElement?.scrollBy({ top: way * lane });
  };
  return { pointer, onKeyDown: keyDown };
}

function onKeyDown(event: KeyboardEvent): void {
  if (!isOurs(event)) return;
  const { scope, clockOffset, activeCursor } = useRoom.getState();
  const end = scope.end ?? hostNow(clockOffset);
  const step = (way: 1 | -1) =>
    activeCursor
      ? moveCursor(event.shiftKey ? way * fastStep : way)
      : moveTo(end + way * scope.span * moveShare);
  const actions: Record<string, () => void> = {
    '+': () => zoom(1 / zoomStep, 1),
    '=': () => zoom(1 / zoomStep, 1),
    '-': () => zoom(zoomStep, 1),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    PageUp: () => moveTo(end - scope.span * pageShare),
    PageDown: () => moveTo(end + scope.span * pageShare),
    End: returnToNow,
    Escape: escapeScopes,
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

/** A table that scrolls has the arrows for itself. */
function isOurs(event: KeyboardEvent): boolean {
  const isInTable = event.target instanceof Element && event.target.closest('.measure') !== null;
  return !(event.ctrlKey || event.metaKey || event.altKey || isInTable);
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
