import { describe, expect, it } from 'vitest';
import type { BulkStream } from '../platform/call.ts';
import { createUploads } from './uploads.ts';

/** A page's stream, driven by hand. */
function pageStream() {
  let onData: ((payload: Uint8Array) => void | Promise<void>) | null = null;
  let onEnd = () => {};
  let onClose = () => {};
  const failures: string[] = [];
  const stream: BulkStream = {
    id: 1,
    credit: 0,
    send: () => undefined,
    onCredit: () => undefined,
    onData: (listener) => void (onData = listener),
    onEnd: (listener) => void (onEnd = listener),
    onClose: (listener) => void (onClose = listener),
    end: () => undefined,
    fail: (message) => void failures.push(message),
  };
  return {
    stream,
    failures,
    send: (...bytes: number[]) => onData?.(new Uint8Array(bytes)),
    end: () => onEnd(),
    lose: () => onClose(),
  };
}

const store = async (source: AsyncIterable<Uint8Array>) => {
  const all: number[] = [];
  for await (const chunk of source) all.push(...chunk);
  return { sha256: all.join(','), bytes: all.length, media: 'x/y' };
};

function begin(bytes: number) {
  const page = pageStream();
  const uploads = createUploads<string>(() => 'u');
  uploads.start({ stream: page.stream, bytes, details: 'file', seat: 'me' }, store);
  return { page, uploads };
}

describe('an upload', () => {
  it('stores what came, once, for the seat that sent it', async () => {
    const { page, uploads } = begin(3);
    await Promise.resolve();
    void page.send(1, 2);
    void page.send(3);
    page.end();
    await expect(uploads.finish('u', 'other')).rejects.toThrow(/no such upload/);
    const { blob, details } = await uploads.finish('u', 'me');
    expect([blob.sha256, details]).toEqual(['1,2,3', 'file']);
    await expect(uploads.finish('u', 'me')).rejects.toThrow(/no such upload/);
  });

  it('that has ended before its place is ready is stored all the same', async () => {
    const page = pageStream();
    const uploads = createUploads<string>(() => 'u');
    let ready = () => {};
    const place = new Promise<void>((resolve) => (ready = resolve));
    uploads.start({ stream: page.stream, bytes: 2, details: 'file', seat: 'me' }, async (source) => {
      await place;
      return store(source);
    });
    void page.send(1, 2);
    page.end();
    ready();
    expect((await uploads.finish('u', 'me')).blob.sha256).toBe('1,2');
  });

  it('credits the page only when its bytes were taken', async () => {
    const { page } = begin(10);
    await Promise.resolve();
    let taken = false;
    const sent = Promise.resolve(page.send(1)).then(() => (taken = true));
    expect(taken).toBe(false);
    await sent;
    expect(taken).toBe(true);
  });

  it.each([
    ['more than announced', (page: ReturnType<typeof pageStream>) => void page.send(1, 2, 3), /More than/],
    [
      'fewer than announced',
      (page: ReturnType<typeof pageStream>) => (void page.send(1), page.end()),
      /1 bytes came/,
    ],
    [
      'a lost link',
      (page: ReturnType<typeof pageStream>) => (void page.send(1), page.lose()),
      /link was lost/,
    ],
  ])('refuses %s', async (_what, act, message) => {
    const { page, uploads } = begin(2);
    await Promise.resolve();
    act(page);
    await expect(uploads.finish('u', 'me')).rejects.toThrow(message);
    expect(page.failures.length).toBe(1);
  });
});
