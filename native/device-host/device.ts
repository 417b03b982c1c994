import type { DeviceSpec } from '../../common/contract/devices.ts';
import { fromSystem } from '../../common/lib/errors.ts';
import type { FromDeviceHost, LinkHealth, LinkProblem } from '../../common/wire/device-messages.ts';
import { linkName } from '../../common/wire/link-name.ts';
import type { Link } from './link.ts';
import type { openLink } from './open-link.ts';
import { createQuietWatch } from './quiet.ts';
import type { Reader } from './reader.ts';

export interface DeviceDeps {
  now(): number;
  /** Called before bytes are read. */
  beforeRead(): void;
  open: typeof openLink;
  post(message: FromDeviceHost): void;
  /** These bytes came in; they were read. */
  onRead(chunk: Uint8Array): void;
  /** Sends what waits. */
  flush(): void;
  /** The state or the problem changed. */
  onChange(): void;
}

/** Keeps one device connected: opens its link, tells when it is lost or silent, and opens a new one until stopped. */
export interface Device {
  readonly spec: DeviceSpec;
  readonly reader: Reader;
  health(): LinkHealth;
  /** Looks whether it went silent; called each half second. */
  checkQuiet(): void;
  /** This process did not run for a while: what the device sent meanwhile may be lost. */
  stoodStill(why: LinkProblem): void;
  /** Resolves when its port is free. */
  stop(): Promise<void>;
}

/** What a person is told besides of a link that is down. */
const again = 'It is tried again by itself.';
const firstBackoff = 100;
const longestBackoff = 2_000;

export function createDevice(spec: DeviceSpec, reader: Reader, deps: DeviceDeps): Device {
  let state: LinkHealth['state'] = 'connecting';
  let problem: LinkProblem | null = null;
  let link: Link | null = null;
  let identity: string | null = null;
  let connections = 0;
  let backoff = firstBackoff;
  let endWait = () => undefined as void;
  const stopping = new AbortController();
  const quiet = createQuietWatch();

  function become(next: LinkHealth['state'], why: LinkProblem | null): void {
    if (state === next && problem?.message === why?.message) return;
    state = next;
    problem = why;
    deps.onChange();
  }

  /** Tells the host, so that data from now on (or from when it was last heard) is known to be missing or there. */
  function tell(told: 'connected' | 'lost', at: number, reason: string): void {
    const name = link?.name ?? linkName(spec.link);
    deps.post({
      kind: 'link',
      device: spec.id,
      state: told,
      at,
      reason,
      link: name,
      ...(identity !== null && { identity }),
    });
  }

  function connected(at: number, reason: string): void {
    connections++;
    become('connected', null);
    tell('connected', at, reason);
  }

  function lost(why: LinkProblem): void {
    const wasConnected = state === 'connected';
    const isWanted = stopping.signal.aborted;
    become(isWanted ? 'stopped' : 'lost', isWanted ? null : why);
    if (!wasConnected) return;
    // What came before the loss goes out before the news of it.
    deps.flush();
    tell('lost', quiet.lastSign(), isWanted ? 'Disconnected on request.' : why.message);
  }

  function onData(chunk: Uint8Array): void {
    deps.beforeRead();
    const now = deps.now();
    const heard = reader.read(chunk, now);
    quiet.bytes();
    if (heard > 0) {
      quiet.heard(now);
      backoff = firstBackoff;
      if (state === 'lost') connected(heard, 'heard again');
    }
    deps.onRead(chunk);
  }

  /** One connection, from opening to its end. */
  async function runOnce(): Promise<void> {
    const ended = Promise.withResolvers<string>();
    link = await deps.open(spec.link, { onData, onClose: ended.resolve });
    identity = link.identity ?? null;
    const openedAt = deps.now();
    quiet.opened(openedAt);
    reader.beginConnection(openedAt);
    connected(openedAt, 'opened');
    if (stopping.signal.aborted) await link.close();
    const reason = await ended.promise;
    reader.endConnection();
    lost({
      code: 'unavailable',
      message: `Connection lost: ${reason}.`,
      hint: `Check plug, cable and power. ${again}`,
    });
    link = null;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await runOnce();
      } catch (error) {
        const { code, message, hint } = fromSystem(error, linkName(spec.link));
        become(connections === 0 ? 'failed' : 'lost', { code, message, hint: `${hint} ${again}` });
      }
      if (!stopping.signal.aborted) await wait();
    }
    become('stopped', null);
  }

  /** Waits before the next try, each time twice as long up to two seconds. */
  function wait(): Promise<void> {
    const pause = backoff;
    backoff = Math.min(longestBackoff, backoff * 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = run();
  return {
    spec,
    reader,
    health: () => ({
      id: spec.id,
      link: link?.name ?? linkName(spec.link),
      identity,
      state,
      problem,
      bytesPerSecond: reader.bytesPerSecond,
      linesPerSecond: reader.linesPerSecond,
      rejectedBytes: reader.rejectedBytes,
      rejectedLines: reader.rejectedLines,
      reconnects: Math.max(0, connections - 1),
      lastHeard: reader.lastHeard,
    }),
    checkQuiet() {
      if (state !== 'connected') return;
      const why = quiet.check(deps.now(), spec);
      if (why) lost(why);
    },
    stoodStill(why) {
      if (state === 'connected') lost(why);
    },
    async stop() {
      stopping.abort();
      endWait();
      await link?.close();
      await running;
    },
  };
}
