/** The page's end of the bulk plane: streams by id, credits both ways (FORMATS, Bulk plane). */
import {
  creditOf,
  creditPayload,
  decodeFrame,
  encodeFrame,
  frameKind,
  uploadWindow,
  type Frame,
  type FrameKind,
} from '../../common/contract/bulk.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { BulkWire } from './transport.ts';

/** How much the host may have under way on one stream. */
const receiveWindow = 1 << 20;
/** Data frames of the page are cut to this. */
const sendPiece = 64 << 10;

export interface StreamHandlers {
  /** The next bytes, in order. Where it promises to take them, the host may send as many more only once it has. */
  data(payload: Uint8Array): void | Promise<void>;
  /** Ended by the host; with a message when it failed. */
  end(problem: string | null): void;
}

export interface PageStream {
  readonly id: number;
  /** Sends bytes in order, waiting for credit. Throws `unavailable` when the stream is gone. */
  send(bytes: Uint8Array): Promise<void>;
  /** Says that this side sends no more. */
  end(): void;
  /** Stops listening; the host is told by the contract's own call. */
  forget(): void;
}

export interface BulkStreams {
  /**
   * Takes the stream that a contract call has just opened, and grants the first credit.
   * Throws `unavailable` after a malformed frame: what came for the stream may have been in it.
   */
  open(id: number, handlers: StreamHandlers): PageStream;
  /** The link is gone: every stream ends. */
  lost(reason: string): void;
}

/** `breakLink` is asked to close the link, once, when the host sends a malformed frame. */
export function createBulkStreams(
  wire: BulkWire,
  breakLink: (reason: string) => void = () => undefined,
): BulkStreams {
  const streams = new Map<number, Stream>();
  /** Frames of streams whose id is still on its way on the other plane. */
  const early = new Map<number, Frame[]>();
  const forgotten = new Set<number>();

  /** Why nothing is taken from the host any more. */
  let broken: string | null = null;

  const finishAll = (reason: string) => {
    for (const stream of [...streams.values()]) stream.finish(reason);
  };
  const decoded = (bytes: Uint8Array): Frame | null => {
    try {
      return decodeFrame(bytes);
    } catch (error) {
      broken = messageOf(error);
      early.clear();
      finishAll(broken);
      breakLink(broken);
      return null;
    }
  };

  wire.onMessage((bytes) => {
    const frame = broken === null ? decoded(bytes) : null;
    if (!frame) return;
    const stream = streams.get(frame.stream);
    if (stream) stream.receive(frame);
    else if (!forgotten.has(frame.stream))
      early.set(frame.stream, [...(early.get(frame.stream) ?? []), frame]);
  });

  return {
    open(id, handlers) {
      if (broken !== null) throw new WarroomError('unavailable', broken, 'Reload the page.');
      const stream = new Stream(id, wire, handlers, () => {
        streams.delete(id);
        forgotten.add(id);
      });
      streams.set(id, stream);
      stream.grant(receiveWindow);
      for (const frame of early.get(id) ?? []) stream.receive(frame);
      early.delete(id);
      return stream;
    },
    lost: finishAll,
  };
}

class Stream implements PageStream {
  readonly id: number;
  private readonly wire: BulkWire;
  private readonly handlers: StreamHandlers;
  private readonly drop: () => void;
  private isOpen = true;
  private credit = uploadWindow;
  private consumed = 0;
  private waiting: (() => void)[] = [];
  private sequences = new Map<FrameKind, number>();
  private sending: Promise<void> = Promise.resolve();

  constructor(id: number, wire: BulkWire, handlers: StreamHandlers, drop: () => void) {
    this.id = id;
    this.wire = wire;
    this.handlers = handlers;
    this.drop = drop;
  }

  grant(byteCount: number): void {
    this.frame(frameKind.credit, creditPayload(byteCount));
  }

  receive(frame: Frame): void {
    if (frame.kind === frameKind.data) return this.take(frame.payload);
    if (frame.kind === frameKind.end) return this.finish(null);
    if (frame.kind === frameKind.error) return this.finish(new TextDecoder().decode(frame.payload));
    this.credit += creditOf(frame);
    for (const wake of this.waiting.splice(0)) wake();
  }

  send(bytes: Uint8Array): Promise<void> {
    const turn = this.sending.then(() => this.sendPieces(bytes));
    // The next caller waits for this one whether or not it went well; each learns of its own failure.
    this.sending = turn.catch(() => undefined);
    return turn;
  }

  end(): void {
    if (this.isOpen) this.frame(frameKind.end, new Uint8Array());
  }

  forget(): void {
    this.isOpen = false;
    this.drop();
    for (const wake of this.waiting.splice(0)) wake();
  }

  finish(problem: string | null): void {
    if (!this.isOpen) return;
    this.forget();
    this.handlers.end(problem);
  }

  private take(payload: Uint8Array): void {
    const taking = this.handlers.data(payload);
    if (!(taking instanceof Promise)) return this.taken(payload.length);
    taking.then(
      () => this.taken(payload.length),
      (error: unknown) => this.fail(messageOf(error)),
    );
  }

  /** Ends the stream from this side, and tells the host why. */
  private fail(problem: string): void {
    if (this.isOpen) this.frame(frameKind.error, new TextEncoder().encode(problem));
    this.finish(problem);
  }

  private taken(byteCount: number): void {
    this.consumed += byteCount;
    // A credit a frame would double the messages: a quarter of the window at a time.
    if (this.consumed < receiveWindow / 4 || !this.isOpen) return;
    this.grant(this.consumed);
    this.consumed = 0;
  }

  private async sendPieces(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      while (this.isOpen && this.credit === 0)
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      if (!this.isOpen)
        throw new WarroomError(
          'unavailable',
          'The stream to the host is gone.',
          'Wait for the link, then try again.',
        );
      const piece = bytes.subarray(at, at + Math.min(sendPiece, this.credit));
      this.credit -= piece.length;
      at += piece.length;
      this.frame(frameKind.data, piece);
    }
  }

  private frame(kind: FrameKind, payload: Uint8Array): void {
    const seq = this.sequences.get(kind) ?? 0;
    this.sequences.set(kind, seq + 1);
    this.wire.send(encodeFrame({ kind, flags: 0, stream: this.id, seq, payload }));
  }
}
