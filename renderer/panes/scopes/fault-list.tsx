import type { SignalFault } from '../../../common/contract/signals.ts';
import { hostNow } from '../../store/link.ts';
import { usuallyHidden } from '../../store/lanes.ts';
import { openEntry } from '../../store/open-entry.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { clockTime, duration } from '../../ui/format.ts';
import { useTick } from '../../ui/use-now.ts';

/** What is shown around a fault, as a share of how long it has been seen; at least the second value, microseconds. */
const around = { share: 0.3, least: 2_000_000 };
/** The axis is not made longer than this for a fault that lasts, microseconds. */
const longest = 120_000_000;

/** The faults that the sensors show now: what it is, the figures it was told by, and what to look at next with one's hands. */
export function FaultList() {
  const faults = useRoom((store) => store.faults);
  return (
    <>
      {/* Read out when a fault comes or goes, not with each new figure. */}
      <p className="only-read" role="status">
        {faults.map(({ title, channel }) => `${title}, ${channel}.`).join(' ')}
      </p>
      {faults.length > 0 && (
        <ul className="faults" aria-label="Named faults" data-testid="faults">
          {faults.map((fault) => (
            <Fault key={fault.id} fault={fault} />
          ))}
        </ul>
      )}
    </>
  );
}

function Fault({ fault }: { fault: SignalFault }) {
  useTick(1000);
  const name = useRoom((store) => store.channels.find(({ id }) => id === fault.channel)?.name);
  const offset = useRoom((store) => store.clockOffset);
  const { title, says, next, confidence, since, times, finding } = fault;
  return (
    <li data-testid={`named-${fault.fault}-${fault.device}`} data-fault={fault.fault}>
      <div className="row">
        <span className="bad-t" aria-hidden>
          !
        </span>
        <b className="bad-t">{title}</b>
        <span className="clip">{name ?? fault.channel}</span>
        <span className="muted mono" title={`Named at ${clockTime(since)}`}>
          {`${Math.round(confidence * 100)} % sure · ${duration((hostNow(offset) - since) / 1000)}`}
          {times > 1 ? ` · ${times} times` : ''}
        </span>
        <span className="push" />
        <Button small onClick={() => show(fault)}>
          Show it
        </Button>
        <Button
          small
          whyNot={finding === null ? 'It is being written down.' : null}
          onClick={() => finding !== null && openEntry(finding)}
        >
          Finding
        </Button>
      </div>
      <div>
        <b>Next:</b> {next} <span className="muted">{`${says}.`}</span>
      </div>
    </li>
  );
}

/** Holds the scopes where the fault is seen. */
function show({ from, to, channel }: SignalFault): void {
  const margin = Math.max(around.least, around.share * (to - from));
  const span = Math.min(longest, to - from + 2 * margin);
  const { setScope, setScopeView, hiddenLanes, channels } = useRoom.getState();
  setScope({ span, end: to + margin });
  const hidden = hiddenLanes ?? usuallyHidden(channels);
  if (hidden.includes(channel)) setScopeView({ hiddenLanes: hidden.filter((id) => id !== channel) });
}
