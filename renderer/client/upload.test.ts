import { expect, it } from 'vitest';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Api } from './api.ts';
import type { BulkStreams, StreamHandlers } from './bulk-streams.ts';
import { uploadFile } from './upload.ts';

/** A host that gives no credit: what is sent waits until the stream ends. */
function fakeHost(finish: () => Promise<{ id: string; seq: number }>) {
  let handlers: StreamHandlers | null = null;
  let fail = () => undefined as void;
  const bulk = {
    open: (_id: number, given: StreamHandlers) => {
      handlers = given;
      return {
        send: () =>
          new Promise<void>((_resolve, reject) => {
            fail = () => reject(new WarroomError('unavailable', 'The stream to the host is gone.'));
          }),
        end: () => undefined,
      };
    },
  } as unknown as BulkStreams;
  const api = {
    evidence: { startFile: async () => ({ upload: 'u', stream: 1 }), finishFile: finish },
  } as unknown as Api;
  return {
    api,
    bulk,
    /** Ends the stream as an error frame does. */
    end: (problem: string | null) => {
      handlers!.end(problem);
      fail();
    },
    isSending: async () => {
      while (!handlers) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A file of one piece, which says whether its reader was let go. */
function fakeFile() {
  let isCancelled = false;
  const file = new File(['abc'], 'a.txt');
  file.stream = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(Uint8Array.of(1, 2, 3)),
      cancel: () => {
        isCancelled = true;
      },
    });
  return { file, isCancelled: () => isCancelled };
}

it('says what the host says went wrong, not that the stream is gone', async () => {
  const host = fakeHost(() => Promise.reject(new WarroomError('no-space', 'The disk is full.')));
  const { file, isCancelled } = fakeFile();
  const failed = expect(uploadFile(host.api, host.bulk, file, 2)).rejects.toMatchObject({ code: 'no-space' });
  await host.isSending();
  host.end('The disk is full.');
  await failed;
  expect(isCancelled()).toBe(true);
});

it('says that the stream is gone when the host gave no reason', async () => {
  const host = fakeHost(() => Promise.reject(new Error('must not be asked')));
  const { file, isCancelled } = fakeFile();
  const failed = expect(uploadFile(host.api, host.bulk, file, undefined)).rejects.toMatchObject({
    code: 'unavailable',
  });
  await host.isSending();
  host.end(null);
  await failed;
  expect(isCancelled()).toBe(true);
});
