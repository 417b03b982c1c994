/** The named faults of the room's sensors: what is seen now, and a finding of each in the ledger. */
import type { SignalFault } from '../../common/contract/signals.ts';
import { hostActor } from '../../common/ledger/host-actor.ts';
import { cutText } from '../../common/lib/cut-text.ts';
import { microsOf } from '../../common/lib/clock.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import { faultTexts, type FaultChange } from '../../common/signal/detect/index.ts';
import { aboutFault, keyOfFault } from './about-fault.ts';
import { createFaultWatch, type FaultWatchDeps } from './fault-watch.ts';
import type { FaultRoom, SignalsDeps } from './types.ts';
import { windowPicture } from './window-picture.ts';

type FaultDeps = FaultWatchDeps & Pick<SignalsDeps, 'ledger' | 'capture' | 'put' | 'log'>;

const tickMs = 100;
/** What is said of a fault is told anew so often, while it is seen. Microseconds, as those below. */
const refreshEvery = 1e6;
/** One finding of a fault on a channel in so long: one that comes and goes does not fill the ledger. */
const oncePer = 300e6;
/** Unseen for so long it is over. */
const overAfter = 30e6;
/** What its evidence shows of the time before it, and how long that is at most. */
const before = 2e6;
const longestWindow = 120e6;
/** Tool failure. */
const rung = 3;

/** A finding and what came of it. */
interface Episode {
  /** As it was last seen. */
  seen: FaultChange;
  /** Since when it is raised; null while it is not. */
  since: number | null;
  /** When it was last cleared. */
  clearedAt: number;
  /** When its finding was made. */
  foundAt: number;
  finding: string | null;
  /** From the first sighting on. */
  from: number;
  times: number;
  /** That it is over is written down. */
  isEnded: boolean;
}

export function createFaultRoom(deps: FaultDeps): FaultRoom {
  const { ledger, capture, log } = deps;
  const state = createWatchable<SignalFault[]>([]);
  const episodes = new Map<string, Episode>();
  const watch = createFaultWatch(deps, (changes) => {
    for (const change of changes) (change.state === 'raised' ? raise : clear)(change);
    publish();
  });
  let refreshedAt = 0;
  /** Entries are written one after another. */
  let writing: Promise<void> = Promise.resolve();
  const write = (what: string, run: () => Promise<void>) => {
    writing = writing.then(run).catch((error: unknown) => log(what, error));
  };

  function raise(seen: FaultChange): void {
    const key = keyOfFault(seen);
    const now = capture.now();
    const known = episodes.get(key);
    if (known && now - known.foundAt < oncePer) {
      Object.assign(known, { seen, since: now, times: known.times + 1 });
      return;
    }
    if (known) end(known);
    begin(key, seen, now, known ? undefined : lastFinding(key, now - oncePer));
  }

  /** `earlier`: the finding of a host before this one that still counts. */
  function begin(key: string, seen: FaultChange, since: number, earlier?: { id: string; at: string }): void {
    const now = capture.now();
    const episode: Episode = {
      seen,
      since,
      clearedAt: NaN,
      foundAt: earlier ? microsOf(earlier.at) : now,
      finding: earlier?.id ?? null,
      from: seen.from,
      times: 1,
      // What an earlier host wrote down it may have ended as well.
      isEnded: earlier !== undefined,
    };
    episodes.set(key, episode);
    if (earlier) return;
    write('A fault could not be written down', async () => {
      episode.finding = await find(key, seen, now);
      publish();
    });
  }

  function clear(seen: FaultChange): void {
    const episode = episodes.get(keyOfFault(seen));
    if (episode) Object.assign(episode, { seen, since: null, clearedAt: capture.now() });
  }

  const lastFinding = (key: string, since: number) =>
    ledger.state.rungs[rung].findings.findLast(({ check, at }) => check === key && microsOf(at) > since);

  /** Keeps the window that shows it, with its picture, as evidence of a finding. */
  async function find(
    check: string,
    { fault, channel, from, says }: FaultChange,
    now: number,
  ): Promise<string> {
    const { title, rulesOut } = faultTexts[fault];
    const window = { from: Math.floor(Math.max(from - before, now - longestWindow)), to: Math.floor(now) };
    const channels = watch.channelsAround(channel);
    const blob = await deps.put(
      await capture.exportWindow(channels, window.from, window.to),
      'application/vnd.mcap',
    );
    const marks = [{ at: Math.max(from, window.from), text: title }];
    const picture = windowPicture(deps, { title: `${title}: ${channel}`, channels, ...window, marks });
    const found = await ledger.append({
      type: 'check.found',
      rung,
      data: { check, result: 'fail', says: cutText(`${title} (${channel}). ${says}.`, 2000), rulesOut },
      evidence: [blob, await deps.put(picture, 'image/svg+xml')],
      actor: hostActor,
    });
    return found.head.id;
  }

  /** Writes down that it is over. */
  function end(episode: Episode): void {
    if (episode.isEnded) return;
    episode.isEnded = true;
    const { seen, from, times } = episode;
    const { fault, channel, to } = seen;
    const data = { fault, channel, from: Math.floor(from), to: Math.ceil(to), times };
    write('The end of a fault could not be written down', async () => {
      const { finding } = episode;
      if (finding === null) return;
      await ledger.append({ type: 'check.cleared', data: { finding, ...data }, actor: hostActor });
    });
  }

  function publish(): void {
    const faults = [...episodes.values()].flatMap(({ seen, since, times, finding }) =>
      since === null ? [] : [faultOf(seen, since, times, finding)],
    );
    if (faults.length > 0 || state.get().length > 0) state.set(faults.sort((a, b) => a.since - b.since));
  }

  function faultOf(seen: FaultChange, since: number, times: number, finding: string | null): SignalFault {
    const about = aboutFault(seen, watch.channelsAround(seen.channel));
    return { ...about, since, times, finding, cleared: false };
  }

  function refresh(now: number): void {
    if (now - refreshedAt < refreshEvery && now >= refreshedAt) return;
    refreshedAt = now;
    const raised = watch.raised();
    for (const seen of raised) {
      const episode = episodes.get(keyOfFault(seen));
      if (episode) episode.seen = seen;
    }
    if (raised.length > 0) publish();
  }

  function followEpisodes(now: number): void {
    for (const [key, episode] of episodes) {
      const isDue = now - episode.foundAt >= oncePer;
      if (episode.since === null) {
        if (now - episode.clearedAt >= overAfter) end(episode);
        if (isDue && episode.isEnded) episodes.delete(key);
      } else if (isDue && episode.isEnded) {
        // It came back within the five minutes, and stays.
        begin(key, episode.seen, episode.since);
      }
    }
  }

  const timer = setInterval(() => {
    watch.tick();
    const now = capture.now();
    refresh(now);
    followEpisodes(now);
  }, tickMs);
  timer.unref();

  return {
    state,
    async close() {
      clearInterval(timer);
      watch.close();
      for (const episode of episodes.values()) if (episode.since === null) end(episode);
      await writing;
    },
  };
}
