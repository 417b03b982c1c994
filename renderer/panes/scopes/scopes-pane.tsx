import { useEffect, useRef, useState, type RefObject } from 'react';
import { showScopeAxis } from '../../commands/scope-axis.ts';
import { useRoom } from '../../store/store.ts';
import { Pane } from '../../ui/pane.tsx';
import { useTick } from '../../ui/use-now.ts';
import { CompareLegend } from './compare-legend.tsx';
import { CursorBar } from './cursor-bar.tsx';
import { FaultList } from './fault-list.tsx';
import { LaneOverlay, placeOverlay } from './lane-overlay.tsx';
import { MarkRail } from './mark-rail.tsx';
import { MeasurePanel } from './measure-panel.tsx';
import type { ScopeEngine } from './scope-engine.ts';
import { ScopeLane } from './scope-lane.tsx';
import { ScopesHead } from './scopes-head.tsx';
import { stepLabel } from './time-axis.ts';
import { useCursors } from './use-cursors.ts';
import { useEngine } from './use-engine.ts';
import { useLaneSpecs, useShownChannels } from './use-lanes.ts';
import { columnUnder, useScopeInput } from './use-scope-input.ts';
import './scopes.css';
import './reading.css';

const cursorTickMs = 200;

/** All channels of the room on one axis of time. */
export function ScopesPane() {
  const none = useRoom((store) => store.channels.length === 0);
  const isMeasuring = useRoom((store) => store.isMeasuring);
  const lanes = useLaneSpecs();
  const area = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLDivElement>(null);
  const rail = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLCanvasElement>(null);
  const [step, setStep] = useState('');
  const engine = useEngine(lanes, area, ruler, (each) => {
    placeOverlay(overlay.current, each);
    placeOverlay(rail.current, each);
    setStep(stepLabel(each.step()));
  });
  const input = useScopeInput(engine, area);
  useEffect(() => showScopeAxis(engine.axis), [engine]);
  return (
    <Pane id="scopes" title="Scopes" target=".scopes" head={<ScopesHead engine={engine} step={step} />}>
      <FaultList />
      {none ? (
        <div className="empty">
          No channels yet. Connect a device under Devices; its signals are drawn here from the first sample
          on.
        </div>
      ) : (
        <div className="scopes" tabIndex={0} role="group" aria-label={help} onKeyDown={input.onKeyDown}>
          <CompareLegend />
          <div className="lanes">
            <div className="lane-stack" ref={area} {...input.pointer}>
              <Lanes engine={engine} ids={lanes.map(({ id }) => id)} />
              <LaneOverlay overlay={overlay} engine={engine} />
            </div>
          </div>
          <Foot engine={engine} rail={rail} />
          <canvas className="ruler" ref={ruler} aria-hidden />
          {isMeasuring && <MeasurePanel engine={engine} ids={lanes.map(({ id }) => id)} />}
        </div>
      )}
    </Pane>
  );
}

const help =
  'Scopes. Plus and minus zoom, left and right move, up and down go through the lanes, End follows the present. A and B put cursors, which the arrows move then; Escape takes them away. N and P open the entries marked. Drag moves, Shift and drag selects, the wheel zooms.';

function Lanes({ engine, ids }: { engine: ScopeEngine; ids: string[] }) {
  // The axis moves under a pointer that rests.
  useTick(cursorTickMs);
  const shown = useShownChannels();
  const pointer = useRoom((store) => store.pointer);
  const hasGhost = useRoom((store) => store.comparison !== null);
  const cursorsOf = useCursors(engine, ids);
  if (shown.length === 0) return <p className="empty">All channels are hidden. Alt C chooses them.</p>;
  return shown.map(({ channel, color }) => (
    <ScopeLane
      key={channel.id}
      engine={engine}
      channel={channel}
      color={color}
      cursor={pointer === null ? null : columnUnder(engine, pointer)}
      hasGhost={hasGhost}
      {...cursorsOf(channel.id)}
    />
  ));
}

function Foot({ engine, rail }: { engine: ScopeEngine; rail: RefObject<HTMLDivElement | null> }) {
  useTick(cursorTickMs);
  const axis = engine.axis();
  return (
    <>
      <MarkRail rail={rail} axis={axis} ratio={window.devicePixelRatio || 1} />
      <CursorBar dt={axis.dt} />
    </>
  );
}
