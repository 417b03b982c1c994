import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createWatchable } from './watch.ts';

describe('a watchable', () => {
  it('gives the value now, then each newer one', async () => {
    const watchable = createWatchable('a');
    const values = watchable.watch();
    expect((await values.next()).value).toBe('a');
    const next = values.next();
    watchable.set('b');
    expect((await next).value).toBe('b');
    expect(watchable.get()).toBe('b');
  });

  it('skips what changed while a watcher was busy', async () => {
    const watchable = createWatchable(0);
    const values = watchable.watch();
    await values.next();
    for (const value of [1, 2, 3]) watchable.set(value);
    expect((await values.next()).value).toBe(3);
  });

  it('tells each watcher, also of a value that is the same', async () => {
    const watchable = createWatchable(1);
    const [one, two] = [watchable.watch(), watchable.watch()];
    await Promise.all([one.next(), two.next()]);
    const both = Promise.all([one.next(), two.next()]);
    watchable.set(1);
    expect((await both).map(({ value }) => value)).toEqual([1, 1]);
  });

  it('ends with its signal, also one that was aborted before', async () => {
    const watchable = createWatchable(1);
    const abort = new AbortController();
    const values = watchable.watch(abort.signal);
    await values.next();
    const next = values.next();
    abort.abort();
    expect((await next).done).toBe(true);
    expect((await watchable.watch(abort.signal).next()).done).toBe(true);
  });

  it('leaves no listener behind on a signal that lives long', async () => {
    const watchable = createWatchable(0);
    const abort = new AbortController();
    const values = watchable.watch(abort.signal);
    await values.next();
    for (let value = 1; value <= 20; value++) {
      const next = values.next();
      watchable.set(value);
      await next;
    }
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
});
