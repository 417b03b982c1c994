import { keyProps } from '../../commands/keys.ts';
import { keepLast, keepWindow } from '../../store/act.ts';
import { shownLanes } from '../../store/lanes.ts';
import { hostNow } from '../../store/link.ts';
import { returnToNow } from '../../store/seek.ts';
import { currentRung, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { ChannelsDialog } from './channels-dialog.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { MathDialog } from './math-dialog.tsx';
import type { ScopeEngine } from './scope-engine.ts';
import { endOf, startOf } from './time-axis.ts';
import { TriggerBar } from './trigger-bar.tsx';

const set = (change: Parameters<ReturnType<typeof useRoom.getState>['set']>[0]) =>
  useRoom.getState().set(change);

/** What the scopes show, and what can be done with it. */
export function ScopesHead({ engine, step }: { engine: ScopeEngine; step: string }) {
  const end = useRoom((store) => store.scope.end);
  const selection = useRoom((store) => store.selection);
  const isMeasuring = useRoom((store) => store.isMeasuring);
  const hold = () =>
    end === null ? useRoom.getState().setScope({ end: endOf(engine.axis()) }) : returnToNow();
  return (
    <>
      <span className="muted clip">
        {step} · {end === null ? 'live' : 'held'}
        {selection ? ` · ${((selection.to - selection.from) / 1e6).toFixed(2)} s selected` : ''}
      </span>
      <TriggerBar engine={engine} />
      <span className="push" />
      {selection && <Button onClick={() => set({ selection: null })}>Clear selection</Button>}
      <ChannelsButton />
      <Button
        onClick={hold}
        aria-pressed={end !== null}
        className={end === null ? '' : 'on'}
        {...keyProps('Alt+H')}
        data-testid="scopes-hold"
      >
        {end === null ? 'Hold' : 'Follow'}
      </Button>
      <Button
        onClick={() => set({ isMeasuring: !isMeasuring })}
        aria-pressed={isMeasuring}
        className={isMeasuring ? 'on' : ''}
        {...keyProps('Alt+M')}
        data-testid="scopes-measure"
      >
        Measure
      </Button>
      <Button onClick={() => set({ dialog: 'compare' })} {...keyProps('Alt+W')} data-testid="scopes-compare">
        Compare
      </Button>
      <KeepButtons engine={engine} />
      <Dialogs />
    </>
  );
}

/** Says how many of the channels are on the screen. */
function ChannelsButton() {
  const all = useRoom((store) => store.channels.length);
  const shown = useRoom((store) => shownLanes(store.channels, store).length);
  return (
    <Button onClick={() => set({ dialog: 'channels' })} {...keyProps('Alt+C')} data-testid="scopes-channels">
      {shown < all ? `Channels ${shown} of ${all}` : 'Channels'}
    </Button>
  );
}

function KeepButtons({ engine }: { engine: ScopeEngine }) {
  const selection = useRoom((store) => store.selection);
  const none = useRoom((store) => store.channels.length === 0);
  const rung = useRoom((store) => currentRung(store.state)) ?? undefined;
  const mayKeep = useWhyNot('evidence.keep') ?? (none ? 'There is no channel to keep.' : null);
  const keep = () => {
    const shown = engine.axis();
    const { from, to } = selection ?? { from: startOf(shown), to: endOf(shown) };
    void keepWindow(from, Math.min(to, hostNow(useRoom.getState().clockOffset)), rung);
  };
  return (
    <>
      <Button
        whyNot={mayKeep}
        onClick={() => void keepLast()}
        className="keep-last"
        {...keyProps('Alt+E')}
        data-testid="keep-10s"
      >
        Keep 10 s
      </Button>
      <Button whyNot={mayKeep} onClick={keep} data-testid="keep-window">
        Keep as evidence
      </Button>
    </>
  );
}

function Dialogs() {
  const dialog = useRoom((store) => store.dialog);
  const close = () => set({ dialog: null });
  if (dialog === 'math') return <MathDialog onClose={close} />;
  if (dialog === 'channels') return <ChannelsDialog onClose={close} />;
  return dialog === 'compare' ? <CompareDialog onClose={close} /> : null;
}
