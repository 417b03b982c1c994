/**
 * Scope views on the bulk plane: all columns once, then only those that changed since the last send.
 * Nothing is queued: a view knows from which column on the page is out of date, so a slow page gets the newest state
 * in one piece when it takes bytes again.
 */
import { maxPayloadBytes } from '../../common/contract/bulk.ts';
import { encodeScopeBlocks, scopeBlockBytes, type ScopeBlock } from '../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../common/contract/capture.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { BulkStream } from '../platform/call.ts';
import type { Capture } from './types.ts';
import { createViewChannel, type ViewChannel } from './view-channel.ts';

export const sendEveryMs = 33;

export interface View {
  /** The id of its stream. */
  readonly stream: number;
  /** Moves the view: a full set follows. Throws `not-found` for an unknown channel; then the view is as it was. */
  set(view: ScopeView): void;
  close(): void;
  onClose(listener: () => void): void;
}

type ViewSource = Pick<Capture, 'series' | 'now' | 'onClose'>;

/** Opens a view on a stream of its own; the stream is opened only when the view is right. */
export function openView(source: ViewSource, view: ScopeView, openStream: () => BulkStream): View {
  const channels = channelsOf(source, view);
  return new StreamedView(source, openStream(), channels);
}

function channelsOf(source: ViewSource, view: ScopeView): ViewChannel[] {
  if (view.to !== null && view.to < view.from)
    throw new WarroomError('bad-input', 'The view ends before it begins.', 'Give a later end.');
  return view.channels.map((id, index) => {
    const series = source.series(id);
    if (!series)
      throw new WarroomError('not-found', `The capture has no channel ${id}.`, 'Connect its device first.');
    return createViewChannel(series, index, view);
  });
}

class StreamedView implements View {
  readonly stream: number;
  private readonly source: ViewSource;
  private readonly out: BulkStream;
  private channels: ViewChannel[];
  private turn = 0;
  private isWaiting = true;
  private isOpen = true;
  private readonly closeListeners: (() => void)[] = [];
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(source: ViewSource, out: BulkStream, channels: ViewChannel[]) {
    this.source = source;
    this.out = out;
    this.stream = out.id;
    this.channels = channels;
    this.timer = setInterval(() => this.send(), sendEveryMs);
    const stopListening = source.onClose(() => this.close());
    out.onCredit(() => {
      if (this.isWaiting) this.send();
    });
    out.onEnd(() => this.close());
    out.onClose(() => {
      this.isOpen = false;
      clearInterval(this.timer);
      stopListening();
      for (const listener of this.closeListeners.splice(0)) listener();
    });
  }

  set(view: ScopeView): void {
    this.channels = channelsOf(this.source, view);
    this.send();
  }

  close(): void {
    if (this.isOpen) this.out.end();
  }

  onClose(listener: () => void): void {
    if (this.isOpen) this.closeListeners.push(listener);
    else listener();
  }

  /** Sends what changed, as far as the page takes it. */
  private send(): void {
    if (!this.isOpen) return;
    const now = this.source.now();
    let blocks: ScopeBlock[] = [{ kind: 'now', at: now }];
    do {
      let room = Math.min(this.out.credit, maxPayloadBytes) - bytesOf(blocks);
      this.isWaiting = false;
      // Another channel begins each time, so that a small credit starves none.
      this.turn = (this.turn + 1) % this.channels.length;
      for (let i = 0; i < this.channels.length; i++) {
        const channel = this.channels[(this.turn + i) % this.channels.length]!;
        const taken = channel.take(room, now);
        blocks.push(...taken.blocks);
        room -= bytesOf(taken.blocks);
        this.isWaiting ||= taken.hasMore;
      }
      if (room < 0 || blocks.length === 0) return;
      this.out.send(encodeScopeBlocks(blocks));
      blocks = [];
    } while (this.isWaiting && this.isOpen);
  }
}

function bytesOf(blocks: ScopeBlock[]): number {
  return blocks.reduce((sum, block) => sum + scopeBlockBytes(block), 0);
}
