import type { DeviceLink, ProbeReport } from '../../common/contract/devices.ts';
import { fromSystem } from '../../common/lib/errors.ts';
import { createIdentifier, probeRates, type Identifier } from '../../common/wire/identify.ts';
import type { LinkProblem } from '../../common/wire/device-messages.ts';
import { linkName } from '../../common/wire/link-name.ts';
import type { Link } from './link.ts';
import type { openLink } from './open-link.ts';
import { createProbeSample, type ProbeSample } from './probe-sample.ts';

export interface ProbeDeps {
  now(): number;
  open: typeof openLink;
  report(report: ProbeReport): void;
}

/** Finds out what speaks on a link. Its last report has the phase `done`; the port is free by then. */
export interface Probe {
  cancel(): void;
}

/** Many boards restart when their port is opened. At a rate that is only tried, one second has to do. */
const firstByteMs = 5_000;
const nextRateMs = 1_000;
const listenMs = 2_000;
/** As soon as this much is sure, or looks garbled for so long, there is no more to listen for. */
const sureEnough = 0.95;
const garbledMs = 700;
const tickMs = 100;

/** What was heard at one rate. */
interface Heard {
  baud: number | null;
  bytes: number;
  identifier: Identifier;
  sample: ProbeSample;
}

export function startProbe(spec: DeviceLink, { now, open, report }: ProbeDeps): Probe {
  const tried: number[] = [];
  const heard: Heard[] = [];
  const stop = new AbortController();
  let link: Link | null = null;
  let closedBy: string | null = null;

  const current = () => heard.at(-1);
  const asked = spec.by === 'tcp' ? null : spec.baud;

  function reportOf(
    phase: ProbeReport['phase'],
    of: Heard | undefined,
    problem: LinkProblem | null = null,
  ): ProbeReport {
    return {
      phase,
      link: link?.name ?? linkName(spec),
      identity: link?.identity ?? null,
      baud: of ? of.baud : asked,
      tried: [...tried],
      bytes: of?.bytes ?? 0,
      garbled: of?.identifier.looksGarbled() ?? false,
      guesses: (of?.identifier.guesses() ?? []) as ProbeReport['guesses'],
      lines: of?.sample.lines() ?? [],
      problem,
    };
  }

  function onData(chunk: Uint8Array): void {
    const at = current();
    if (!at) return;
    at.bytes += chunk.length;
    at.identifier.push(chunk);
    at.sample.push(chunk);
  }

  /** Listens at a rate until it is known, or there is nothing more to wait for. */
  async function listen(baud: number | null, firstMs: number): Promise<void> {
    if (baud !== null) tried.push(baud);
    heard.push({ baud, bytes: 0, identifier: createIdentifier(), sample: createProbeSample() });
    const at = current()!;
    const began = now();
    let firstAt = 0;
    while (!stop.signal.aborted && closedBy === null) {
      if (at.bytes > 0) firstAt ||= now();
      report(reportOf(firstAt ? 'listening' : 'waiting', at));
      const since = (now() - (firstAt || began)) / 1000;
      if (since >= (firstAt ? listenMs : firstMs) || (firstAt && isSettled(at, since))) return;
      await tick();
    }
  }

  function tick(): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        stop.signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, tickMs);
      stop.signal.addEventListener('abort', end);
    });
  }

  /** Other rates, only as long as what comes can't be read. */
  async function tryRates(opened: Link): Promise<void> {
    for (const baud of [asked, ...probeRates]) {
      if (baud === null || tried.includes(baud) || !opened.setBaud) continue;
      const last = current()!;
      if (stop.signal.aborted || closedBy !== null || isKnown(last)) return;
      if (last.bytes > 0 && !last.identifier.looksGarbled()) return;
      await opened.setBaud(baud);
      await listen(baud, nextRateMs);
    }
  }

  async function run(): Promise<ProbeReport> {
    report(reportOf('opening', undefined));
    try {
      link = await open(spec, { onData, onClose: (reason) => (closedBy = reason) });
      if (!stop.signal.aborted) await listen(asked, firstByteMs);
      if (!stop.signal.aborted) await tryRates(link);
    } catch (error) {
      const { code, message, hint } = fromSystem(error, linkName(spec));
      return reportOf('done', best(heard), { code, message, hint });
    } finally {
      await link?.close();
    }
    const found = best(heard);
    return reportOf('done', found, problemOf(found));
  }

  function problemOf(found: Heard | undefined): LinkProblem | null {
    if (stop.signal.aborted) return { code: 'cancelled', message: 'The probe was ended.', hint: '' };
    if (found && isKnown(found)) return null;
    if (closedBy !== null)
      return {
        code: 'unavailable',
        message: `Connection lost while listening: ${closedBy}.`,
        hint: 'Check plug, cable and power, then listen again.',
      };
    if (!found || found.bytes === 0) return silence;
    return found.identifier.looksGarbled() ? garbled(tried) : stranger;
  }

  void run().then(report);
  return { cancel: () => stop.abort() };
}

const confidence = ({ identifier }: Heard) => identifier.guesses()[0]?.confidence ?? 0;
const isKnown = (heard: Heard) => heard.identifier.guesses().length > 0;

function isSettled(heard: Heard, since: number): boolean {
  if (confidence(heard) >= sureEnough) return true;
  return since >= garbledMs && !isKnown(heard) && heard.identifier.looksGarbled();
}

/** The surest; where nothing is known the first at which anything came. */
function best(heard: Heard[]): Heard | undefined {
  const surest = heard.reduce<Heard | undefined>(
    (found, each) => (found && confidence(found) >= confidence(each) ? found : each),
    undefined,
  );
  if (surest && isKnown(surest)) return surest;
  return heard.find(({ bytes }) => bytes > 0) ?? heard[0];
}

const silence: LinkProblem = {
  code: 'quiet',
  message: 'The port is open and nothing came.',
  hint: 'Check the power, the firmware and the cable (some cables only charge). A beam that speaks on change says something when it is broken: break it while listening.',
};
const stranger: LinkProblem = {
  code: 'unknown',
  message: 'What comes is readable, and none of the dialects known here.',
  hint: 'Look at the lines below, and choose what it speaks by hand.',
};
const garbled = (tried: number[]): LinkProblem => ({
  code: 'garbled',
  message: `What comes can’t be read${tried.length > 0 ? ` at ${tried.join(', ')} baud` : ''}.`,
  hint: 'Choose the baud rate that its firmware sets (Serial.begin). If that is right, check the ground wire and the signal levels.',
});
