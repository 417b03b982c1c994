/** The page's end of the bulk plane: streams by id, credits both ways (FORMATS, Bulk plane). */
import {
  creditOf,
  creditPayload,
  decodeFrame,
  encodeFrame,
  frameHeaderBytes,
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
   * Throws `unavailable` once the link is broken or lost: what came for the stream may have been lost with it.
   */
  open(id: number, handlers: StreamHandlers): PageStream;
  /** The link is gone: every stream ends. */
  lost(reason: string): void;
}

/** `breakLink` is asked to close the link, once, when the host sends a frame that breaks a rule. */
export function createBulkStreams(
  wire: BulkWire,
  breakLink: (reason: string) => void = () => undefined,
): BulkStreams {
  const streams = new Map<number, Stream>();
  const early = createEarlyFrames();
  const order = createFrameOrder();
  const forgotten = new Set<number>();

  /** Why nothing is taken from the host any more. */
  let broken: string | null = null;

  const lost = (reason: string) => {
    broken ??= reason;
    for (const stream of [...streams.values()]) stream.finish(reason);
  };
  /** The frame, when it is for an open stream. Throws when it breaks a rule. */
  const accepted = (bytes: Uint8Array): Frame | null => {
    const frame = decodeFrame(bytes);
    // It crossed the end of a stream on the wire.
    if (forgotten.has(frame.stream)) return null;
    order.check(frame);
    if (streams.has(frame.stream)) return frame;
    early.keep(frame);
    return null;
  };
  const acceptedOrBroken = (bytes: Uint8Array): Frame | null => {
    try {
      return accepted(bytes);
    } catch (error) {
      const reason = messageOf(error);
      lost(reason);
      breakLink(reason);
      return null;
    }
  };

  wire.onMessage((bytes) => {
    const frame = broken === null ? acceptedOrBroken(bytes) : null;
    if (frame) streams.get(frame.stream)?.receive(frame);
  });

  return {
    open(id, handlers) {
      if (broken !== null) throw new WarroomError('unavailable', broken, 'It is tried again by itself.');
      const stream = new Stream(id, wire, handlers, () => {
        streams.delete(id);
        order.forget(id);
        forgotten.add(id);
      });
      streams.set(id, stream);
      stream.grant(receiveWindow);
      for (const frame of early.take(id)) stream.receive(frame);
      return stream;
    },
    lost,
  };
}

/** Frames of streams whose id is still on its way on the other plane. */
function createEarlyFrames() {
  const kept = new Map<number, Frame[]>();
  let byteCount = 0;
  const sizeOf = (frame: Frame) => frameHeaderBytes + frame.payload.length;
  return {
    /** Throws when more waits than one stream may have under way: the host gave out no ids for it. */
    keep(frame: Frame): void {
      byteCount += sizeOf(frame);
      if (byteCount > receiveWindow)
        throw new WarroomError('bad-input', 'Too much came for streams that nobody opened.');
      kept.set(frame.stream, [...(kept.get(frame.stream) ?? []), frame]);
    },
    take(stream: number): Frame[] {
      const frames = kept.get(stream) ?? [];
      kept.delete(stream);
      for (const frame of frames) byteCount -= sizeOf(frame);
      return frames;
    },
  };
}

/** The host numbers the frames of each kind on a stream: one that is missing or comes twice is noticed. */
function createFrameOrder() {
  const due = new Map<number, Map<FrameKind, number>>();
  return {
    check({ stream, kind, seq }: Frame): void {
      const ofStream = due.get(stream) ?? new Map<FrameKind, number>();
      due.set(stream, ofStream);
      const expected = ofStream.get(kind) ?? 0;
      if (seq !== expected)
        throw new WarroomError(
          'bad-input',
          `Stream ${stream}: frame ${seq} of kind ${kind} came where ${expected} was due.`,
        );
      ofStream.set(kind, expected + 1);
    },
    forget: (stream: number) => void due.delete(stream),
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
