import { useEffect, useRef, useState } from 'react';
import type { DeviceLink, ProbeReport } from '../../../common/contract/devices.ts';
import { problemOf, type Problem } from '../../client/api.ts';
import { useRoom } from '../../store/store.ts';

export interface Probe {
  /** What was found so far; null before the first report. */
  report: ProbeReport | null;
  isRunning: boolean;
  /** Why it could not be begun or was cut off. */
  problem: Problem | null;
  start(link: DeviceLink): void;
  cancel(): void;
}

/** Listens at one link at a time. Leaving the page ends it, and frees the port. */
export function useProbe(): Probe {
  const [report, setReport] = useState<ProbeReport | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isRunning, setRunning] = useState(false);
  const running = useRef<AbortController | null>(null);
  const cancel = () => running.current?.abort();
  useEffect(() => cancel, []);

  const listen = async (target: DeviceLink, ending: AbortController) => {
    const { link } = useRoom.getState();
    if (link.is !== 'up') return;
    try {
      for await (const next of await link.api.devices.probe({ link: target }, { signal: ending.signal }))
        if (running.current === ending) setReport(next);
    } catch (error) {
      if (running.current === ending && !ending.signal.aborted) setProblem(problemOf(error));
    } finally {
      if (running.current === ending) {
        running.current = null;
        setRunning(false);
      }
    }
  };
  const start = (target: DeviceLink) => {
    cancel();
    const ending = new AbortController();
    running.current = ending;
    setReport(null);
    setProblem(null);
    setRunning(true);
    void listen(target, ending);
  };
  return { report, isRunning, problem, start, cancel };
}
