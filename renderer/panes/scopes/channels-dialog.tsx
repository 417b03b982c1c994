import type { KeyboardEvent } from 'react';
import { movedLane, orderedLanes, usuallyHidden } from '../../store/lanes.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { traceColor } from './use-lanes.ts';

/** Which channels have a lane, and in which order: this page's own choice. */
export function ChannelsDialog({ onClose }: { onClose(): void }) {
  const channels = useRoom((store) => store.channels);
  const laneOrder = useRoom((store) => store.laneOrder);
  const chosen = useRoom((store) => store.hiddenLanes);
  const hidden = chosen ?? usuallyHidden(channels);
  const { setScopeView } = useRoom.getState();
  const all = orderedLanes(channels, { laneOrder });
  const order = all.map(({ id }) => id);
  const toggle = (id: string) =>
    setScopeView({
      hiddenLanes: hidden.includes(id) ? hidden.filter((each) => each !== id) : [...hidden, id],
    });
  const move = (id: string, step: 1 | -1) => {
    setScopeView({ laneOrder: movedLane(order, id, step) });
    // An element that is moved in the page loses the focus.
    requestAnimationFrame(() => boxOf(id)?.focus());
  };
  const key = (event: KeyboardEvent, id: string) => {
    const step = ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key as 'ArrowUp'];
    if (step === undefined) return;
    event.preventDefault();
    if (event.altKey) return move(id, step);
    const next = order[order.indexOf(id) + step];
    if (next !== undefined) boxOf(next)?.focus();
  };
  return (
    <Dialog title="Channels of the scopes" onClose={onClose}>
      <div className="stack">
        <h3>Channels of the scopes</h3>
        <p className="muted">
          Space shows or hides one, the arrows go to the next, with Alt they move it. What is hidden is
          recorded all the same.
        </p>
        <ol className="lane-choice" aria-label="Channels">
          {all.map(({ id, name, unit }, i) => (
            <li key={id} className="row">
              <label className="grow clip">
                <input
                  type="checkbox"
                  autoFocus={i === 0}
                  id={boxName(id)}
                  checked={!hidden.includes(id)}
                  onChange={() => toggle(id)}
                  onKeyDown={(event) => key(event, id)}
                />{' '}
                <span className="dot" style={{ background: traceColor(channels, id) }} /> {name}{' '}
                <span className="faint">{unit}</span>
              </label>
              <Button small aria-label={`Move ${name} up`} onClick={() => move(id, -1)}>
                ↑
              </Button>
              <Button small aria-label={`Move ${name} down`} onClick={() => move(id, 1)}>
                ↓
              </Button>
            </li>
          ))}
        </ol>
        <div className="row">
          <Button onClick={() => setScopeView({ hiddenLanes: [], laneOrder: [] })}>
            Show all as they came
          </Button>
          <Button onClick={() => setScopeView({ hiddenLanes: null })}>As usual</Button>
          <Button onClick={() => useRoom.getState().set({ dialog: 'math' })}>Math channels…</Button>
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}

const boxName = (id: string) => `lane-of-${id}`;
const boxOf = (id: string) => document.getElementById(boxName(id));
