import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { microsOf } from '../../../common/lib/clock.ts';
import { rungNames, type State } from '../../../common/incident/state.ts';
import { hostNow } from '../../store/link.ts';
import { lookAt, returnToNow } from '../../store/seek.ts';
import { useRoom } from '../../store/store.ts';
import { clockTime } from '../../ui/format.ts';
import { useTick } from '../../ui/use-now.ts';
import { rungSpans, thinned } from './spans.ts';
import './strip.css';

const tones: Record<string, string> = {
  open: 'run',
  eliminated: 'ok',
  implicated: 'bad',
  inconclusive: 'warn',
  locked: 'system',
};
const keyStep = 0.01;
/** The present stands at this share of the width; what is right of it is still to come. */
const nowAt = 0.93;

/** The whole incident on one line: its rungs, every entry, and a playhead to go back in time. */
export function Strip() {
  useTick(1000);
  const state = useRoom((store) => store.state);
  const marks = useRoom((store) => store.marks);
  const at = useRoom((store) => store.lookAt);
  const offset = useRoom((store) => store.clockOffset);
  const bar = useRef<HTMLDivElement>(null);
  const [isDragging, setDragging] = useState(false);
  const now = hostNow(offset);
  const start = state.incident ? microsOf(state.incident.declaredAt) : now - 1e6;
  const span = Math.max(now - start, 1e6) / nowAt;
  const shareOf = (time: number) => `${Math.min(100, Math.max(0, ((time - start) / span) * 100))}%`;
  const timeAt = (event: PointerEvent) => {
    const box = bar.current!.getBoundingClientRect();
    return start + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * span;
  };
  const move = (time: number) => (time >= now ? returnToNow() : void lookAt(Math.max(start, time)));
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -keyStep, ArrowRight: keyStep, PageDown: -keyStep * 10, PageUp: keyStep * 10 }[
      event.key
    ];
    if (step !== undefined) move((at ?? now) + step * span);
    else if (event.key === 'Home') move(start);
    else if (event.key === 'End') returnToNow();
    else return;
    event.preventDefault();
  };
  const head = at ?? now;
  return (
    <footer
      className="strip"
      data-pane="strip"
      data-pane-target="[role=slider]"
      aria-label="The whole incident"
    >
      <div
        className="strip-bar"
        ref={bar}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
          move(timeAt(event));
        }}
        onPointerMove={(event) => isDragging && move(timeAt(event))}
        onPointerUp={() => setDragging(false)}
      >
        <RungSpans state={state} now={now} shareOf={shareOf} />
        {thinned(marks, start, span).map(({ seq, at: time, kind }) => (
          <i
            key={seq}
            className="strip-tick"
            style={{ left: shareOf(time), background: `var(--${kind === 'sensor' ? 'system' : kind})` }}
          />
        ))}
        <div
          className="strip-head"
          role="slider"
          tabIndex={0}
          aria-label="Moment looked at"
          aria-valuemin={0}
          aria-valuemax={Math.round((now - start) / 1e6)}
          aria-valuenow={Math.round((head - start) / 1e6)}
          aria-valuetext={at === null ? 'now' : clockTime(at)}
          style={{ left: shareOf(head) }}
          onKeyDown={key}
        >
          <span className={`mono faint ${head > start + span * 0.7 ? 'left' : ''}`}>
            {at === null ? `now ${clockTime(now)} · drag to go back` : clockTime(at)}
          </span>
        </div>
      </div>
    </footer>
  );
}

interface RungSpansProps {
  state: State;
  now: number;
  shareOf(time: number): string;
}

function RungSpans({ state, now, shareOf }: RungSpansProps) {
  return rungSpans(state, now).map(({ rung, status, from, to }) => (
    <span
      key={`${rung}-${from}`}
      className={`strip-rung ${tones[status] ?? 'system'}-t`}
      style={{ left: shareOf(from), width: `calc(${shareOf(to)} - ${shareOf(from)} - 2px)` }}
      title={`Rung ${rung} ${rungNames[rung]}: ${status}`}
    >
      {`${rung} ${rungNames[rung]}`}
    </span>
  ));
}
