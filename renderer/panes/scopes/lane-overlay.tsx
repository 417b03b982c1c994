import type { RefObject } from 'react';
import { isMarked } from '../../store/marks.ts';
import { useRoom } from '../../store/store.ts';
import { sentenceOf } from '../../store/sentences.ts';
import { clockTime } from '../../ui/format.ts';
import type { ScopeEngine } from './scope-engine.ts';
import { timeAt, xOf } from './time-axis.ts';
import { columnUnder } from './use-scope-input.ts';

interface LaneOverlayProps {
  overlay: RefObject<HTMLDivElement | null>;
  engine: ScopeEngine;
}

/** Over all lanes: the cursors, the pointer's time, the stretch selected, the moment looked at. */
export function LaneOverlay({ overlay, engine }: LaneOverlayProps) {
  const selection = useRoom((store) => store.selection);
  const lookAt = useRoom((store) => store.lookAt);
  const pointer = useRoom((store) => store.pointer);
  const cursors = useRoom((store) => store.cursors);
  const active = useRoom((store) => store.activeCursor);
  return (
    <div className="lane-overlay" ref={overlay}>
      {selection && <div className="selection" data-from={selection.from} data-to={selection.to} />}
      {lookAt !== null && <div className="playhead" data-from={lookAt} />}
      {(['a', 'b'] as const).map(
        (name) =>
          cursors[name] !== null && (
            <div
              key={name}
              className={`cursor cursor-${name} ${active === name ? 'active' : ''}`}
              data-from={cursors[name]}
            >
              <b>{name.toUpperCase()}</b>
            </div>
          ),
      )}
      {pointer !== null && (
        <div className={`cursor-line ${pointer > 0.6 ? 'flip' : ''}`} style={{ left: `${pointer * 100}%` }}>
          <span>{pointerText(engine, pointer)}</span>
        </div>
      )}
    </div>
  );
}

/** Moves what stands at a time to where that time is now. Called once a frame. */
export function placeOverlay(overlay: HTMLDivElement | null, engine: ScopeEngine): void {
  if (!overlay) return;
  const axis = engine.axis();
  const percent = (at: string) => (xOf(axis, Number(at)) / axis.width) * 100;
  for (const element of overlay.querySelectorAll<HTMLElement>('[data-from]')) {
    const { from, to } = element.dataset;
    const left = percent(from!);
    element.style.left = `${left}%`;
    if (to) element.style.width = `${percent(to) - left}%`;
  }
}

/** Pixels from a mark within which the pointer is on it. */
const reach = 5;

function pointerText(engine: ScopeEngine, pointer: number): string {
  const column = columnUnder(engine, pointer);
  const axis = engine.axis();
  const at = timeAt(axis, column - (axis.end - axis.width));
  const store = useRoom.getState();
  const near = store.marks.findLast((mark) => isMarked(mark) && Math.abs(mark.at - at) < reach * axis.dt);
  const entry = near && store.entries.find(({ head }) => head.seq === near.seq);
  return entry ? `${clockTime(entry.head.at)} ${sentenceOf(entry, store.state).text}` : clockTime(at);
}
