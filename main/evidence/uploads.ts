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

interface Arrivals {
  queue: { payload: Uint8Array; taken: () => void }[];
  state: 'open' | 'ended' | 'lost';
  wake(): void;
}

/**
 * The stream's bytes, one payload at a time: the page is credited as they are taken. Listens from now on: a small file
 * has ended before the locker asks for its first byte.
 */
function received(stream: BulkStream, announced: number): AsyncGenerator<Uint8Array> {
  const arrivals: Arrivals = { queue: [], state: 'open', wake: () => {} };
  stream.onData(
    (payload) =>
      new Promise<void>((taken) => {
        arrivals.queue.push({ payload, taken });
        arrivals.wake();
      }),
  );
  const stop = (state: 'ended' | 'lost') => {
    if (arrivals.state === 'open') arrivals.state = state;
    arrivals.wake();
  };
  stream.onEnd(() => stop('ended'));
  stream.onClose(() => stop('lost'));
  return taken(arrivals, announced);
}

async function* taken(arrivals: Arrivals, announced: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for (;;) {
    const next = arrivals.queue.shift();
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
    if (arrivals.state === 'ended') break;
    if (arrivals.state === 'lost')
      throw new WarroomError(
        'unavailable',
        'The link was lost before the whole file had come.',
        'Drop the file again.',
      );
    await new Promise<void>((resolve) => (arrivals.wake = resolve));
  }
  if (total !== announced)
    throw new WarroomError(
      'bad-input',
      `${total} bytes came where ${announced} were announced.`,
      'The file changed while it was sent; drop it again.',
    );
}
