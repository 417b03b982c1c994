import type { FromDeviceHost, ToDeviceHost } from '../../common/wire/device-messages.ts';
import type { Child, Platform } from '../platform/types.ts';

export interface DeviceProcessDeps {
  platform: Pick<Platform, 'fork' | 'clock' | 'anchor'>;
  onMessage(message: FromDeviceHost): void;
  /** A new process stands and knows nothing: the first time and after each crash. */
  onStart(): void;
  /** The process ended though nobody asked it to. */
  onCrash(code: number | null): void;
}

/** The device-host, started at once and again whenever it crashes. */
export interface DeviceProcess {
  /** False when there is no process just now: the message is lost, and `onStart` follows. */
  post(message: ToDeviceHost): boolean;
  /** Resolves when the process is gone. */
  close(): Promise<void>;
}

const firstPause = 50;
const longestPause = 2_000;
/** A process that lived this long, in microseconds, starts the pauses from the beginning. */
const livedLong = 10_000_000;

export function createDeviceProcess({
  platform,
  onMessage,
  onStart,
  onCrash,
}: DeviceProcessDeps): DeviceProcess {
  let child: Child | null = null;
  let timer: NodeJS.Timeout | undefined;
  let pause = firstPause;
  let closing = false;
  const gone = Promise.withResolvers<void>();

  function start(): void {
    const startedAt = platform.clock.now();
    const started = platform.fork('device-host');
    child = started;
    started.onMessage((message) => onMessage(message as FromDeviceHost));
    started.onExit((code) => ended(code, startedAt));
    started.post({ kind: 'start', anchor: platform.anchor } satisfies ToDeviceHost);
    onStart();
  }

  function ended(code: number | null, startedAt: number): void {
    child = null;
    if (closing) return gone.resolve();
    pause = platform.clock.now() - startedAt > livedLong ? firstPause : Math.min(longestPause, pause * 2);
    timer = setTimeout(start, pause);
    onCrash(code);
  }

  start();
  return {
    post(message) {
      child?.post(message);
      return child !== null;
    },
    close() {
      closing = true;
      clearTimeout(timer);
      if (child) child.kill();
      else gone.resolve();
      return gone.promise;
    },
  };
}
