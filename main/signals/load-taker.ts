/** Waits for the samples of a load, or reads them from the past. */
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import type { LoadWindow } from '../../common/signal/calibrate.ts';
import type { SignalsDeps, TakeRequest } from './types.ts';

const defaultSeconds = 2;
const mostSamples = 100_000;
/** Samples may be so late, in milliseconds; then there are none. */
const lateMs = 1000;

export interface LoadTaker {
  /** Answers what `accept` makes of the first window that it takes; while there is patience, one that moves is passed over. */
  take<T>(
    info: ChannelInfo,
    request: TakeRequest,
    signal: AbortSignal | undefined,
    accept: (window: LoadWindow) => T,
  ): Promise<T>;
  cancel(): void;
}

export function createLoadTaker(
  capture: Pick<SignalsDeps['capture'], 'read' | 'onSamples' | 'now'>,
): LoadTaker {
  let cancelled = new AbortController();

  const read = ({ id, unit }: ChannelInfo, from: number, to: number): LoadWindow => ({
    ...capture.read(id, from, to, mostSamples),
    from,
    to,
    unit,
  });

  /** Resolves with the first window of `span` from now on that `accept` takes. */
  function wait<T>(
    info: ChannelInfo,
    span: number,
    patience: number,
    stop: AbortSignal,
    accept: (window: LoadWindow) => T,
  ): Promise<T> {
    const begin = capture.now();
    const lastEnd = begin + span + patience;
    return new Promise<T>((resolve, reject) => {
      /** Whether it is decided. */
      const tryAt = (end: number, isLast: boolean): boolean => {
        try {
          resolve(accept(read(info, end - span, end)));
          return true;
        } catch (error) {
          if (!isLast && moves(error)) return false;
          reject(fromSystem(error, 'Taking the samples'));
          return true;
        }
      };
      const onBlock = (at: number) => {
        if (at < begin + span) return;
        const end = patience === 0 ? begin + span : Math.min(at, lastEnd);
        if (tryAt(end, at >= lastEnd)) leave();
      };
      const stopListening = capture.onSamples(({ channel, t }) => {
        if (channel === info.id && t.length > 0) onBlock(t.at(-1)!);
      });
      const timer = setTimeout(() => (tryAt(lastEnd, true), leave()), (span + patience) / 1000 + lateMs);
      const onAbort = () => {
        leave();
        reject(new WarroomError('cancelled', 'Taking the samples was called off.'));
      };
      function leave(): void {
        clearTimeout(timer);
        stopListening();
        stop.removeEventListener('abort', onAbort);
      }
      stop.addEventListener('abort', onAbort);
      if (stop.aborted) onAbort();
    });
  }

  return {
    async take(info, { window, seconds = defaultSeconds, patience = 0 }, signal, accept) {
      if (window) {
        if (!(window.to > window.from))
          throw new WarroomError('bad-input', 'The window ends before it begins.', 'Select a span of time.');
        return accept(read(info, window.from, window.to));
      }
      const stop = signal ? AbortSignal.any([signal, cancelled.signal]) : cancelled.signal;
      return wait(info, seconds * 1e6, patience * 1e6, stop, accept);
    },
    cancel() {
      cancelled.abort();
      cancelled = new AbortController();
    },
  };
}

/** What a little later may be better. */
function moves(error: unknown): boolean {
  return error instanceof WarroomError && ['unsteady', 'spikes', 'few'].includes(String(error.data.reason));
}
