import { cutText } from '../../common/lib/cut-text.ts';
import type { Rung } from '../../common/ledger/types.ts';
import { problemOf, type Api } from '../client/api.ts';
import { hostNow } from './link.ts';
import { currentRung } from './select.ts';
import { noticeOf } from './session.ts';
import { useRoom } from './store.ts';

/**
 * Runs one request of a person. A failure becomes a notice with what happened and what to do. Answers what the host
 * answered, or null when it failed.
 */
export async function act<T>(
  request: (api: Api) => Promise<T>,
  done?: (answer: T) => string,
): Promise<T | null> {
  const { link, notify } = useRoom.getState();
  if (link.is !== 'up') {
    notify('bad', 'The link to the host is lost; nothing was sent.', 'It is tried again by itself.');
    return null;
  }
  try {
    const answer = await request(link.api);
    if (done) notify('good', done(answer));
    return answer;
  } catch (error) {
    const problem = problemOf(error);
    // A link that was lost under the call is told by its banner.
    if (problem && useRoom.getState().link === link) notify(...noticeOf(problem));
    return null;
  }
}

/** The label of a piece of evidence that was just kept, once its entry is here; else its place. */
export function keptLabel({ id, seq }: { id: string; seq: number }): string {
  const kept = useRoom.getState().state.evidence.find((each) => each.id === id);
  return `Kept as evidence ${kept?.label ?? `(entry ${seq})`}`;
}

/** Keeps a stretch of the shown channels as evidence of a rung. Times in microseconds since 1970. */
export function keepWindow(from: number, to: number, rung: Rung | undefined): Promise<unknown> {
  const { channels } = useRoom.getState();
  const seconds = Math.round((to - from) / 1e5) / 10;
  return act(
    (api) =>
      api.evidence.keepWindow({
        name: cutText(`${seconds} s of ${channels.map((channel) => channel.name).join(', ')}`, 200),
        channels: channels.map((channel) => channel.id),
        from: Math.floor(from),
        to: Math.ceil(to),
        ...(rung && { rung }),
      }),
    keptLabel,
  );
}

/** What `keepLast` keeps, microseconds. */
const lastSpan = 10_000_000;

/** Keeps the last ten seconds as evidence of the rung that is being climbed. */
export function keepLast(): Promise<unknown> {
  const { clockOffset, state } = useRoom.getState();
  const to = hostNow(clockOffset);
  return keepWindow(to - lastSpan, to, currentRung(state) ?? undefined);
}
