import { decodeScopeBlocks, type ScopeBlock } from '../../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../../common/contract/capture.ts';
import { messageOf } from '../../../common/lib/errors.ts';
import type { Api } from '../../client/api.ts';
import type { BulkStreams, PageStream } from '../../client/bulk-streams.ts';

export interface FeedSink {
  /** Blocks of one frame, with the view they belong to. */
  blocks(view: ScopeView, blocks: ScopeBlock[]): void;
  failed(error: unknown): void;
}

/** One view at the host, moved as the page's axis is: one request at a time, the newest wish last. */
export interface ScopeFeed {
  show(view: ScopeView): void;
  close(): void;
}

const keptViews = 8;
const slack = 5_000_000;

export function createScopeFeed(api: Api, bulk: BulkStreams, sink: FeedSink): ScopeFeed {
  let wanted: ScopeView | null = null;
  let asked: ScopeView | null = null;
  /** Views asked for, newest first; blocks of an older one may still be on their way. */
  let views: ScopeView[] = [];
  let stream: PageStream | null = null;
  let isBusy = false;
  let isClosed = false;

  const received = (payload: Uint8Array) => {
    if (isClosed) return;
    try {
      const blocks = decodeScopeBlocks(payload);
      const view = viewOf(views, blocks);
      if (!view) return;
      // What still comes for views before this one is out of date.
      views = views.slice(0, views.indexOf(view) + 1);
      sink.blocks(view, blocks);
    } catch (error) {
      sink.failed(error);
    }
  };
  const ended = (problem: string | null) => {
    stream = null;
    if (problem && !isClosed) sink.failed(new Error(problem));
  };
  const open = async (view: ScopeView) => {
    const { stream: id } = await api.capture.openView(view);
    stream = bulk.open(id, { data: received, end: ended });
    if (isClosed) close();
  };
  const settle = async () => {
    if (isBusy || isClosed) return;
    isBusy = true;
    try {
      while (wanted && wanted !== asked && !isClosed) {
        asked = wanted;
        views = [asked, ...views].slice(0, keptViews);
        if (stream) await api.capture.setView({ ...asked, stream: stream.id });
        else await open(asked);
      }
    } catch (error) {
      if (!isClosed) sink.failed(error);
    } finally {
      isBusy = false;
    }
  };
  const close = () => {
    isClosed = true;
    if (!stream) return;
    stream.forget();
    // The link may be gone, and the view with it; the host closes it then by itself.
    api.capture.closeView({ stream: stream.id }).catch((error: unknown) => console.debug(messageOf(error)));
    stream = null;
  };
  return {
    show(view) {
      wanted = view;
      void settle();
    },
    close,
  };
}

/**
 * Which of the views asked for the blocks belong to: the two planes are not in step. Column numbers of another `dt`
 * name times decades away, so the newest view in which they make sense is theirs.
 */
export function viewOf(views: ScopeView[], blocks: ScopeBlock[]): ScopeView | null {
  const columns = blocks.find((block) => block.kind === 'columns' && block.min.length > 0);
  if (columns?.kind !== 'columns') return views[0] ?? null;
  return views.find((view) => isIn(view, columns.first)) ?? null;
}

function isIn(view: ScopeView, column: number): boolean {
  const at = column * view.dt;
  return (
    at >= view.from - slack - view.dt &&
    (view.to === null ? at < view.from + 30 * 864e8 : at <= view.to + slack)
  );
}
