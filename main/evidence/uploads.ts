import type { EvidenceRef } from '../../common/ledger/types.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { BulkStream } from '../platform/call.ts';

const maxUploadBytes = 16 * 1024 ** 3;

/** A file that a page is sending. */
export interface Upload<D> {
  /** What the page said of it. */
  details: D;
  seat: string;
  stored: Promise<EvidenceRef>;
}

interface UploadStart<D> {
  stream: BulkStream;
  bytes: number;
  details: D;
  seat: string;
}

/** Files on their way from pages into the locker. `put` stores a stream of bytes. */
export function createUploads<D>(newId: () => string) {
  const open = new Map<string, Upload<D>>();
  return {
    /** Takes the bytes of `stream` until the page ends it. More or fewer than announced is refused. */
    start(
      { stream, bytes, details, seat }: UploadStart<D>,
      put: (bytes: AsyncIterable<Uint8Array>) => Promise<EvidenceRef>,
    ): string {
      if (bytes > maxUploadBytes)
        throw new WarroomError(
          'bad-input',
          `A file of ${bytes} bytes is over the limit of ${maxUploadBytes}.`,
          'Keep a part of it.',
        );
      const id = newId();
      const stored = put(received(stream, bytes));
      // Answered by finish; a page that never asks must not bring the host down.
      stored.catch((error: unknown) => stream.fail(error instanceof Error ? error.message : String(error)));
      open.set(id, { details, seat, stored });
      return id;
    },
    /** The upload, when all of it is stored. Each can be finished once, by the seat that began it. */
    async finish(id: string, seat: string): Promise<{ details: D; blob: EvidenceRef }> {
      const upload = open.get(id);
      if (!upload || upload.seat !== seat)
        throw new WarroomError('not-found', 'There is no such upload.', 'Drop the file again.');
      open.delete(id);
      return { details: upload.details, blob: await upload.stored };
    },
  };
}

/** The stream's bytes, one payload at a time: the page is credited as they are taken. */
async function* received(stream: BulkStream, announced: number): AsyncGenerator<Uint8Array> {
  const queue: { payload: Uint8Array; taken: () => void }[] = [];
  const link: { state: 'open' | 'ended' | 'lost' } = { state: 'open' };
  let wake = () => {};
  stream.onData((payload) => new Promise<void>((taken) => (queue.push({ payload, taken }), wake())));
  stream.onEnd(() => ((link.state = 'ended'), wake()));
  stream.onClose(() => ((link.state = link.state === 'open' ? 'lost' : link.state), wake()));
  let total = 0;
  for (;;) {
    const next = queue.shift();
    if (next) {
      total += next.payload.length;
      if (total > announced)
        throw new WarroomError(
          'bad-input',
          `More than the announced ${announced} bytes came.`,
          'Drop the file again.',
        );
      yield next.payload;
      next.taken();
      continue;
    }
    if (link.state === 'ended') break;
    if (link.state === 'lost')
      throw new WarroomError(
        'unavailable',
        'The link was lost before the whole file had come.',
        'Drop the file again.',
      );
    await new Promise<void>((resolve) => (wake = resolve));
  }
  if (total !== announced)
    throw new WarroomError(
      'bad-input',
      `${total} bytes came where ${announced} were announced.`,
      'The file changed while it was sent; drop it again.',
    );
}
