import { useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { keyProps } from '../../commands/keys.ts';
import { keepWindow } from '../../store/act.ts';
import { hostNow } from '../../store/link.ts';
import { returnToNow } from '../../store/seek.ts';
import { currentRung, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Pane } from '../../ui/pane.tsx';
import { useTick } from '../../ui/use-now.ts';
import { FaultList } from './fault-list.tsx';
import { LaneOverlay, placeOverlay } from './lane-overlay.tsx';
import { MathDialog } from './math-dialog.tsx';
import { MeasurePanel } from './measure-panel.tsx';
import { ScopeLane } from './scope-lane.tsx';
import { endOf, startOf, stepLabel } from './time-axis.ts';
import type { LaneSpec, ScopeEngine } from './scope-engine.ts';
import { TriggerBar } from './trigger-bar.tsx';
import { useEngine } from './use-engine.ts';
import { columnUnder, useScopeInput } from './use-scope-input.ts';
import './scopes.css';

const traces = ['--trace-a', '--trace-b', '--trace-c', '--trace-d'];
/** The tokens' values: a canvas knows no variables. */
const inks = ['#5aa9ff', '#f2a65a', '#57c785', '#e573b5'];
/** Samples of an unknown rate are joined over this, microseconds. */
const joinUnknown = 500_000;
const keptSpan = 10_000_000;
const cursorTickMs = 200;

/** All channels of the room on one axis of time. */
export function ScopesPane() {
  const channels = useRoom((store) => store.channels);
  const isMeasuring = useRoom((store) => store.isMeasuring);
  const lanes = useLaneSpecs();
  const area = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLCanvasElement>(null);
  const [step, setStep] = useState('');
  const engine = useEngine(lanes, area, ruler, (each) => {
    placeOverlay(overlay.current, each);
    setStep(stepLabel(each.step()));
  });
  const input = useScopeInput(engine, area);
  // The axis moves under a pointer that rests.
  useTick(cursorTickMs);
  return (
    <Pane id="scopes" title="Scopes" target=".scopes" head={<ScopesHead engine={engine} step={step} />}>
      <FaultList />
      {channels.length === 0 ? (
        <div className="empty">
          No channels yet. Connect a device under Devices; its signals are drawn here from the first sample
          on.
        </div>
      ) : (
        <div className="scopes" tabIndex={0} role="group" aria-label={help} onKeyDown={input.onKeyDown}>
          <div className="lanes" ref={area} {...input.pointer}>
            {channels.map((channel, i) => (
              <ScopeLane
                key={channel.id}
                engine={engine}
                channel={channel}
                color={`var(${traces[i % traces.length]!})`}
                cursor={input.cursor && columnUnder(engine, input.cursor)}
              />
            ))}
            <LaneOverlay overlay={overlay} cursor={input.cursor} engine={engine} />
          </div>
          <canvas className="ruler" ref={ruler} aria-hidden />
          {isMeasuring && <MeasurePanel engine={engine} ids={lanes.map(({ id }) => id)} />}
        </div>
      )}
    </Pane>
  );
}

const help =
  'Scopes. Plus and minus zoom, arrows move, End follows the present. Drag moves, Shift and drag selects, the wheel zooms.';

function ScopesHead({ engine, step }: { engine: ScopeEngine; step: string }) {
  const end = useRoom((store) => store.scope.end);
  const selection = useRoom((store) => store.selection);
  const isMeasuring = useRoom((store) => store.isMeasuring);
  const isMathOpen = useRoom((store) => store.dialog === 'math');
  const none = useRoom((store) => store.channels.length === 0);
  const rung = useRoom((store) => currentRung(store.state)) ?? undefined;
  const mayKeep = useWhyNot('evidence.keep') ?? (none ? 'There is no channel to keep.' : null);
  const hold = () =>
    end === null ? useRoom.getState().setScope({ end: endOf(engine.axis()) }) : returnToNow();
  const keep = () => {
    const shown = engine.axis();
    const { from, to } = selection ?? { from: startOf(shown), to: endOf(shown) };
    void keepWindow(from, Math.min(to, hostNow(useRoom.getState().clockOffset)), rung);
  };
  const keepLast = () => {
    const to = hostNow(useRoom.getState().clockOffset);
    void keepWindow(to - keptSpan, to, rung);
  };
  return (
    <>
      <span className="muted clip">
        {step} · {end === null ? 'live' : 'held'}
        {selection ? ` · ${((selection.to - selection.from) / 1e6).toFixed(2)} s selected` : ''}
      </span>
      <TriggerBar engine={engine} />
      <span className="push" />
      {selection && (
        <Button onClick={() => useRoom.getState().set({ selection: null })}>Clear selection</Button>
      )}
      <Button
        onClick={hold}
        aria-pressed={end !== null}
        className={end === null ? '' : 'on'}
        data-testid="scopes-hold"
      >
        {end === null ? 'Hold' : 'Follow'}
      </Button>
      <Button
        onClick={() => useRoom.getState().set({ isMeasuring: !isMeasuring })}
        aria-pressed={isMeasuring}
        className={isMeasuring ? 'on' : ''}
        {...keyProps('Alt+M')}
        data-testid="scopes-measure"
      >
        Measure
      </Button>
      <Button onClick={() => useRoom.getState().set({ dialog: 'math' })}>Math…</Button>
      {isMathOpen && <MathDialog onClose={() => useRoom.getState().set({ dialog: null })} />}
      <Button whyNot={mayKeep} onClick={keepLast} data-testid="keep-10s">
        Keep 10 s
      </Button>
      <Button whyNot={mayKeep} onClick={keep} data-testid="keep-window">
        Keep as evidence
      </Button>
    </>
  );
}

/** Reports of channels come often; the lanes change only when a channel or the order of its rate does. */
function useLaneSpecs(): LaneSpec[] {
  const ids = useRoom(useShallow((store) => store.channels.map(({ id }) => id)));
  const joins = useRoom(
    useShallow((store) => store.channels.map(({ kind, perSecond }) => joinOf(kind, perSecond))),
  );
  return useMemo(
    () => ids.map((id, i) => ({ id, color: inks[i % inks.length]!, joinWithin: joins[i] ?? joinUnknown })),
    [ids, joins],
  );
}

/** Four periods at the channel's rate, in powers of two so that it does not change with every report. */
function joinOf(kind: string, perSecond: number | null): number {
  if (kind === 'step' || !perSecond) return joinUnknown;
  return 2 ** Math.ceil(Math.log2(4e6 / perSecond));
}
