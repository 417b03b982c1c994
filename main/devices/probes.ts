import type { DeviceLink, ProbeReport } from '../../common/contract/devices.ts';
import { createWatchable, type Watchable } from '../../common/lib/watch.ts';
import type { FromDeviceHost, LinkProblem, ToDeviceHost } from '../../common/wire/device-messages.ts';
import { linkName } from '../../common/wire/link-name.ts';

/** Probes under way. */
export interface Probes {
  /**
   * Reports until the one of the phase `done`. Returning from the iteration ends the probe and waits for the port.
   * `problem`: why the link must not be opened at all.
   */
  run(
    link: DeviceLink,
    signal: AbortSignal | undefined,
    problem: LinkProblem | null,
  ): AsyncGenerator<ProbeReport>;
  take(message: Extract<FromDeviceHost, { kind: 'probe' }>): void;
  /** The process that probed is gone. */
  fail(reason: string): void;
}

interface Running {
  reports: Watchable<ProbeReport>;
  done: PromiseWithResolvers<void>;
}

/** `post`: false when there is no process just now. */
export function createProbes(post: (message: ToDeviceHost) => boolean): Probes {
  const running = new Map<number, Running>();
  let last = 0;

  function finish(id: number, report: ProbeReport): void {
    const probe = running.get(id);
    running.delete(id);
    probe?.reports.set(report);
    probe?.done.resolve();
  }

  function fail(reason: string): void {
    for (const [id, { reports }] of running) finish(id, broken(reports.get(), reason));
  }

  return {
    async *run(link, signal, problem) {
      if (problem) {
        yield { ...nothingYet(link), phase: 'done', problem };
        return;
      }
      const id = ++last;
      const reports = createWatchable(nothingYet(link));
      const done = Promise.withResolvers<void>();
      running.set(id, { reports, done });
      if (!post({ kind: 'probe', probe: id, link }))
        finish(id, broken(reports.get(), 'The process that reads sensors is just being started.'));
      try {
        for await (const report of reports.watch(signal)) {
          yield report;
          if (report.phase === 'done') return;
        }
      } finally {
        if (running.has(id)) post({ kind: 'probe.cancel', probe: id });
        await done.promise;
      }
    },
    take({ probe, report }) {
      if (report.phase === 'done') finish(probe, report);
      else running.get(probe)?.reports.set(report);
    },
    fail,
  };
}

function nothingYet(link: DeviceLink): ProbeReport {
  return {
    phase: 'opening',
    link: linkName(link),
    identity: null,
    baud: link.by === 'tcp' ? null : link.baud,
    tried: [],
    bytes: 0,
    garbled: false,
    guesses: [],
    lines: [],
    problem: null,
  };
}

function broken(report: ProbeReport, message: string): ProbeReport {
  return { ...report, phase: 'done', problem: { code: 'unavailable', message, hint: 'Try again.' } };
}
