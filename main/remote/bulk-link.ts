/**
 * The host's end of one page's bulk link: streams by id, credits both ways (FORMATS, Bulk plane).
 * Anything that breaks a rule closes the link with a reason.
 */
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
import type { BulkStream } from '../platform/call.ts';

/** What carries the frames: a socket or a MessagePort. */
export interface BulkWire {
  send(bytes: Uint8Array): void;
  close(reason: string): void;
}

export interface BulkLink {
  openStream(): BulkStream;
  /** A message from the page. */
  receive(bytes: Uint8Array): void;
  /** The wire is gone. */
  lost(): void;
}

export function createBulkLink(wire: BulkWire): BulkLink {
  const streams = new Map<number, HostStream>();
  let nextId = 1;
  let isClosed = false;

  const breakLink = (reason: string) => {
    if (isClosed) return;
    lost();
    wire.close(reason);
  };
  const lost = () => {
    isClosed = true;
    for (const stream of streams.values()) stream.closed();
    streams.clear();
  };

  return {
    openStream() {
      if (isClosed) throw new WarroomError('unavailable', 'The bulk link is closed.', 'Reconnect.');
      const id = nextId++;
      const stream = new HostStream(
        id,
        (bytes) => wire.send(bytes),
        breakLink,
        () => streams.delete(id),
      );
      streams.set(id, stream);
      return stream;
    },
    receive(bytes) {
      if (isClosed) return;
      try {
        const frame = decodeFrame(bytes);
        const stream = streams.get(frame.stream);
        if (stream) stream.receive(frame);
        else if (frame.stream >= nextId || frame.stream === 0)
          throw new WarroomError(
            'bad-input',
            `No stream ${frame.stream} was opened on this link.`,
            'Streams come from a contract call.',
          );
        // A frame for a stream that has just ended crossed its end on the wire: nothing to do.
      } catch (error) {
        breakLink(messageOf(error));
      }
    },
    lost,
  };
}

class HostStream implements BulkStream {
  readonly id: number;
  credit = 0;
  private received = new Map<FrameKind, number>();
  private mayReceive = uploadWindow;
  private isOpen = true;
  private creditListeners: (() => void)[] = [];
  private dataListener: ((payload: Uint8Array) => void | Promise<void>) | null = null;
  private early: Uint8Array[] = [];
  private endListeners: (() => void)[] = [];
  private closeListeners: (() => void)[] = [];
  private readonly write: (bytes: Uint8Array) => void;
  private readonly breakLink: (reason: string) => void;
  private readonly forget: () => void;

  constructor(
    id: number,
    write: (bytes: Uint8Array) => void,
    breakLink: (reason: string) => void,
    forget: () => void,
  ) {
    this.id = id;
    this.write = write;
    this.breakLink = breakLink;
    this.forget = forget;
  }

  send(payload: Uint8Array): void {
    if (!this.isOpen) return;
    if (payload.length > this.credit)
      throw new WarroomError(
        'internal',
        `Stream ${this.id}: ${payload.length} bytes sent with a credit of ${this.credit}.`,
      );
    this.credit -= payload.length;
    this.frame(frameKind.data, payload);
  }

  onCredit(listener: () => void): void {
    this.creditListeners.push(listener);
  }

  onData(listener: (payload: Uint8Array) => void | Promise<void>): void {
    this.dataListener = listener;
    for (const payload of this.early.splice(0)) this.deliver(payload);
  }

  onEnd(listener: () => void): void {
    this.endListeners.push(listener);
  }

  onClose(listener: () => void): void {
    if (this.isOpen) this.closeListeners.push(listener);
    else listener();
  }

  end(): void {
    if (!this.isOpen) return;
    this.frame(frameKind.end, new Uint8Array());
    this.closed();
    this.forget();
  }

  fail(message: string): void {
    if (!this.isOpen) return;
    this.frame(frameKind.error, new TextEncoder().encode(message));
    this.closed();
    this.forget();
  }

  /** A frame of the page for this stream. Throws when it breaks a rule. */
  receive(frame: Frame): void {
    const expected = this.received.get(frame.kind) ?? 0;
    if (frame.seq !== expected)
      throw new WarroomError(
        'bad-input',
        `Stream ${this.id}: frame ${frame.seq} of kind ${frame.kind} came where ${expected} was due.`,
      );
    this.received.set(frame.kind, expected + 1);
    if (frame.kind === frameKind.credit) this.takeCredit(creditOf(frame));
    else if (frame.kind === frameKind.data) this.takeData(frame.payload);
    else if (frame.kind === frameKind.end) for (const listener of this.endListeners) listener();
    else {
      this.closed();
      this.forget();
    }
  }

  closed(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const listener of this.closeListeners.splice(0)) listener();
  }

  private takeCredit(byteCount: number): void {
    this.credit += byteCount;
    for (const listener of this.creditListeners) listener();
  }

  private takeData(payload: Uint8Array): void {
    this.mayReceive -= payload.length;
    if (this.mayReceive < 0)
      throw new WarroomError('bad-input', `Stream ${this.id}: more was sent than was credited.`);
    // The transport may reuse its buffer.
    const copy = payload.slice();
    if (this.dataListener) this.deliver(copy);
    else this.early.push(copy);
  }

  private deliver(payload: Uint8Array): void {
    const credited = () => {
      this.mayReceive += payload.length;
      if (this.isOpen && payload.length > 0) this.frame(frameKind.credit, creditPayload(payload.length));
    };
    Promise.resolve(this.dataListener?.(payload)).then(credited, (error: unknown) =>
      this.fail(messageOf(error)),
    );
  }

  private sentByKind = new Map<FrameKind, number>();

  private frame(kind: FrameKind, payload: Uint8Array): void {
    const seq = this.sentByKind.get(kind) ?? 0;
    this.sentByKind.set(kind, seq + 1);
    try {
      this.write(encodeFrame({ kind, flags: 0, stream: this.id, seq, payload }));
    } catch (error) {
      this.breakLink(messageOf(error));
    }
  }
}
