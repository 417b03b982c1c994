/** The device's own times of the moments of one read. */
export interface Moments {
  readonly count: number;
  /** Their device times in microseconds, NaN where there is none; used again by the next read. */
  readonly deviceTimes: Float64Array;
  /** Whether every one has a device time. */
  readonly areTimed: boolean;
  add(deviceTime: number): void;
  clear(): void;
}

export function createMoments(): Moments {
  let deviceTimes = new Float64Array(256);
  let count = 0;
  let timed = 0;
  return {
    get count() {
      return count;
    },
    get deviceTimes() {
      return deviceTimes;
    },
    get areTimed() {
      return timed === count;
    },
    add(deviceTime) {
      if (count === deviceTimes.length) {
        const old = deviceTimes;
        deviceTimes = new Float64Array(old.length * 2);
        deviceTimes.set(old);
      }
      deviceTimes[count++] = deviceTime;
      if (!Number.isNaN(deviceTime)) timed++;
    },
    clear: () => void (count = timed = 0),
  };
}
