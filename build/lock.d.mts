/** Runs `work` while this process alone holds the lock file; `onWait` is called once when another holds it. */
export function withLock<T>(path: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;
