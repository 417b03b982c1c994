/** A value that can be watched. Watchers get the latest value: what changed while they were busy is skipped. */
export interface Watchable<T> {
  get(): T;
  set(value: T): void;
  /** The value now, then each newer one, until `signal` aborts. */
  watch(signal?: AbortSignal): AsyncGenerator<T, void, undefined>;
}

export function createWatchable<T>(initial: T): Watchable<T> {
  let value = initial;
  let version = 0;
  const waiting = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      value = next;
      version++;
      for (const wake of [...waiting]) wake();
    },
    watch: async function* (signal) {
      let seen = -1;
      while (!signal?.aborted) {
        if (seen === version) {
          await new Promise<void>((resolve) => {
            const wake = () => {
              // Signals outlive many waits: nothing of this one may stay on it.
              signal?.removeEventListener('abort', wake);
              waiting.delete(wake);
              resolve();
            };
            waiting.add(wake);
            signal?.addEventListener('abort', wake);
          });
          continue;
        }
        seen = version;
        yield value;
      }
    },
  };
}
