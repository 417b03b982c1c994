/** The room's one trigger: follows the samples and the ledger, and does what was asked when it fires. */
import type { TriggerSpec, TriggerState } from '../../common/contract/signals.ts';
import { cutText } from '../../common/lib/cut-text.ts';
import { hostActor } from '../../common/ledger/host-actor.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { Series } from '../../common/signal/series.ts';
import { createTrigger, type Segment, type Trigger } from '../../common/signal/trigger.ts';
import { channelOf } from './measure.ts';
import type { SignalsDeps, TriggerRoom } from './types.ts';
import { windowPicture } from './window-picture.ts';

type TriggerDeps = Pick<SignalsDeps, 'ledger' | 'capture' | 'put' | 'log'>;

const tickMs = 50;
/** Samples come in blocks: none of before is still on its way after so many microseconds. */
const onTheWay = 300_000;
/** What one arming may put into the ledger. */
const most = { keep: 50, mark: 200 };

const off: TriggerState = {
  state: 'off',
  spec: null,
  by: null,
  arming: 0,
  fired: 0,
  auto: 0,
  kept: 0,
  marked: 0,
  segment: null,
  problem: null,
};

/** One trigger from its arming to its end. */
interface Armed {
  spec: TriggerSpec;
  by: string;
  machine: Trigger;
  series: Series | null;
  /** Gaps of the series that the machine knows of. */
  gapsSeen: number;
  /** Segments whose windows have not ended yet. */
  open: { segment: Segment; number: number }[];
}

export function createTriggerRoom(deps: TriggerDeps): TriggerRoom {
  const { ledger, capture, log } = deps;
  const state = createWatchable(off);
  let armed: Armed | null = null;
  /** Windows are kept one after another. */
  let keeping: Promise<void> = Promise.resolve();

  const change = (changes: Partial<TriggerState>) => state.set({ ...state.get(), ...changes });

  function fired(by: Armed, segments: Segment[]): void {
    for (const segment of segments) {
      const { fired, auto } = state.get();
      const number = fired + 1;
      by.open.push({ segment, number });
      change({
        state: 'collecting',
        fired: number,
        auto: auto + (segment.auto ? 1 : 0),
        segment: { ...segment, number, complete: false, entry: null },
      });
      if (by.spec.action === 'mark' && !segment.auto) void record(by, segment, number, 'mark');
    }
  }

  function tick(): void {
    const by = armed;
    if (!by) return;
    noteGaps(by);
    const now = capture.now();
    const sure = now - onTheWay;
    fired(by, by.machine.tick(sure, Math.min(sure, by.series?.heardUntil ?? sure)));
    while (armed === by && by.open[0] && by.open[0].segment.to <= sure) complete(by, by.open.shift()!);
  }

  function complete(by: Armed, { segment, number }: Armed['open'][number]): void {
    const { segment: last } = state.get();
    const isDone = by.machine.isDone && by.open.length === 0;
    change({
      state: isDone ? 'done' : by.open.length > 0 ? 'collecting' : 'armed',
      ...(last?.number === number && { segment: { ...last, complete: true } }),
    });
    if (by.spec.action === 'keep' && !segment.auto)
      keeping = keeping.then(() => record(by, segment, number, 'keep'));
    if (isDone) armed = null;
  }

  /** Keeps or marks a segment. What goes wrong is told; the trigger goes on. */
  async function record(by: Armed, segment: Segment, number: number, how: 'keep' | 'mark'): Promise<void> {
    const counted = how === 'keep' ? 'kept' : 'marked';
    const isCurrent = () => state.get().spec === by.spec;
    if (isCurrent()) {
      if (state.get()[counted] >= most[how]) return stopAtMost(by, how);
      change({ [counted]: state.get()[counted] + 1 });
    }
    try {
      const entry = await (how === 'keep' ? keep(by, segment) : mark(by, segment));
      const { segment: last } = state.get();
      if (isCurrent() && last?.number === number) change({ segment: { ...last, entry } });
    } catch (error) {
      log('What a trigger caught could not be written down', error);
      const { code, message, hint } = fromSystem(error, 'Writing down what the trigger caught');
      if (isCurrent()) change({ problem: { code, message, hint } });
    }
  }

  function stopAtMost(by: Armed, how: 'keep' | 'mark'): void {
    if (armed === by) armed = null;
    change({
      state: 'stopped',
      problem: {
        code: 'refused',
        message: `The trigger wrote ${most[how]} entries and has stopped.`,
        hint: 'Set it again with a longer holdoff, or an event that is rarer.',
      },
    });
  }

  async function mark({ spec, by }: Armed, { at, from, to, why }: Segment): Promise<string> {
    const times = { at: Math.floor(at), from: Math.floor(from), to: Math.floor(to) };
    const data = { channel: spec.channel, ...times, why: cutText(why, 500), by };
    return (await ledger.append({ type: 'capture.triggered', data, actor: hostActor })).head.id;
  }

  /** The window of every channel, that of the trigger first, and its picture. */
  async function keep({ spec, by }: Armed, { at, from, to, why }: Segment): Promise<string> {
    const others = capture.channels.get().map(({ id }) => id);
    const channels = [...new Set([...(spec.channel ? [spec.channel] : []), ...others])];
    const title = cutText(`Trigger: ${why}`, 200);
    const blob = await deps.put(await capture.exportWindow(channels, from, to), 'application/vnd.mcap');
    const marks = [{ at, text: why }];
    const picture = windowPicture(deps, { title, channels, from, to, marks });
    const of = { channels, from: Math.floor(from), to: Math.floor(to), at: Math.floor(at) };
    const seat = ledger.state.seats[by];
    const kept = await ledger.append({
      type: 'evidence.kept',
      data: { kind: 'capture', name: title, note: `Set by ${seat?.name ?? `seat ${by.slice(0, 8)}`}.`, of },
      evidence: [blob, await deps.put(picture, 'image/svg+xml')],
      actor: hostActor,
    });
    return kept.head.id;
  }

  const stopSamples = capture.onSamples(({ channel, t, v }) => {
    const by = armed;
    if (by?.spec.channel !== channel || by.spec.on.kind === 'ledger') return;
    noteGaps(by);
    fired(by, by.machine.push(t, v));
  });
  const stopEntries = ledger.onCommit((entries) => {
    const by = armed;
    if (!by) return;
    for (const { head } of entries.filter(isNotOwn))
      fired(by, by.machine.entry(head.type, Date.parse(head.at) * 1000));
  });
  const timer = setInterval(tick, tickMs);
  timer.unref();

  return {
    state,
    set(spec, { id: by }) {
      const now = capture.now();
      const { channel, on } = spec;
      if (on.kind !== 'ledger' && channel === null)
        throw new WarroomError('bad-input', 'This trigger names no channel.', 'Choose one.');
      const found = on.kind === 'ledger' || channel === null ? null : channelOf(capture, channel);
      armed = {
        spec,
        by,
        machine: createTrigger(spec, found?.info.kind ?? 'linear', now),
        series: found?.series ?? null,
        gapsSeen: found?.series.gapLog.length ?? 0,
        open: [],
      };
      state.set({ ...off, state: 'armed', spec, by, arming: state.get().arming + 1 });
    },
    clear() {
      armed = null;
      state.set({ ...off, arming: state.get().arming });
    },
    async close() {
      clearInterval(timer);
      stopSamples();
      stopEntries();
      armed = null;
      await keeping;
    },
  };
}

function noteGaps(by: Armed): void {
  const count = by.series?.gapLog.length ?? 0;
  if (count !== by.gapsSeen) by.machine.gap();
  by.gapsSeen = count;
}

/** What a trigger writes does not set it off again. */
function isNotOwn({ head: { type, actor } }: Entry): boolean {
  return actor.kind !== 'system' || (type !== 'capture.triggered' && type !== 'evidence.kept');
}
