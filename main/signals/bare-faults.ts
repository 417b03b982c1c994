import type { SignalFault } from '../../common/contract/signals.ts';
import { emptyState } from '../../common/incident/state.ts';
import type { FaultChange } from '../../common/signal/detect/index.ts';
import { aboutFault, keyOfFault } from './about-fault.ts';
import { createFaultWatch, type FaultWatchDeps } from './fault-watch.ts';

/** Named faults where no incident is open: nothing is written down. */
export interface BareFaults {
  /** Those that are seen now. */
  seen(): SignalFault[];
  close(): void;
}

const tickMs = 100;

/** Watches all channels of devices. No calibration is known. */
export function watchBareFaults(deps: Pick<FaultWatchDeps, 'capture' | 'devices'>): BareFaults {
  const since = new Map<string, number>();
  const ledger = { state: emptyState, onCommit: () => () => undefined };
  const watch = createFaultWatch({ ...deps, ledger }, (changes) => {
    for (const change of changes)
      if (change.state === 'raised') since.set(keyOfFault(change), deps.capture.now());
  });
  const timer = setInterval(() => watch.tick(), tickMs);
  timer.unref();

  const faultOf = (fault: FaultChange): SignalFault => ({
    ...aboutFault(fault, watch.channelsAround(fault.channel)),
    since: since.get(keyOfFault(fault)) ?? fault.from,
    times: 1,
    finding: null,
    cleared: false,
  });

  return {
    seen: () => watch.raised().map(faultOf),
    close() {
      clearInterval(timer);
      watch.close();
    },
  };
}
