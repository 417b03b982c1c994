import { Arrivals, type CellSource } from './arrivals.ts';
import { BeamScale } from './beam-scale.ts';
import { BeamTrack } from './beam-track.ts';
import { CellTrack } from './cell-track.ts';
import { createLatch, type Latch, type Turn } from './latch.ts';
import { explainedBy, faultTexts, type FaultName } from './names.ts';
import { Pace } from './pace.ts';
import { createQuiet } from './quiet.ts';
import { beamDetectors, cellDetectors } from './registry.ts';
import type { DetectedChannel, Detector, FaultChange } from './types.ts';

/** All detectors of a room. Everything is by the samples' times and the `now` of `tick`; there is no clock in it. */
export interface Detectors {
  /** Adds a channel, or tells anew what it is: then it is watched as if it began now, and what was seen on it is cleared. */
  add(channel: DetectedChannel): FaultChange[];
  /** The device is no longer connected on purpose: its faults are cleared, its channels forgotten. */
  remove(device: string): FaultChange[];
  /** Takes samples of a channel; those of an unknown one are nobody's. Answers what changed. Cost is constant per sample. */
  feed(channel: string, t: ArrayLike<number>, v: ArrayLike<number>): FaultChange[];
  /** Bytes of the device came at `at` that nobody understood: it is not silent, and a line that did not come is no proof. */
  doubt(device: string, at: number): void;
  /** The host's time, a few times a second, so that silence is noticed. Answers what changed. */
  tick(now: number): FaultChange[];
  /** What is raised now, as it was last seen. */
  raised(): FaultChange[];
}

const judgeEvery = 100_000;
/** A tick this late says that the host itself stood still: what came meanwhile is not read yet. */
const standstill = 900_000;
/** A cell is known after so long: its noise, its rate, where it rests. */
const settles = 5e6;
/** How long a fault that is over explains others: what it left in their memory. */
const explains = 3e6;
/** Faults of a cell that leave its load steps as they are. */
const harmless: ReadonlySet<FaultName> = new Set<FaultName>([
  'drift',
  'mains',
  'filtered',
  'half-rate',
  'spikes',
  'bit-slip',
]);

interface Watch {
  detector: Detector;
  latch: Latch;
  /** What it saw before this was another fault's doing. */
  explainedUntil: number;
}

interface Watched {
  info: DetectedChannel;
  pace: Pace;
  cell: CellTrack | null;
  beam: BeamTrack | null;
  scale: BeamScale | null;
  /** `quiet` is the first. */
  watches: Watch[];
  samplers: (() => void)[];
  judgedAt: number;
}

export function createDetectors(): Detectors {
  const channels = new Map<string, Watched>();
  const cells: CellSource[] = [];
  let tickedAt = NaN;

  const watch = (detector: Detector): Watch => ({
    detector,
    latch: createLatch(detector.clearAfter),
    explainedUntil: -Infinity,
  });

  /** Whether the device gives counts as well: then its grams are only made of them. */
  const isShadowed = ({ role, device, channel }: DetectedChannel) =>
    role === 'grams' &&
    [...channels.values()].some(
      ({ info }) => info.device === device && info.role === 'counts' && info.channel !== channel,
    );

  const othersOf = (cell: CellTrack) =>
    cells.flatMap(({ track, isTrusted }) => (track !== cell && isTrusted(track.t) ? [track] : []));

  function start(info: DetectedChannel): Watched {
    const { role, kind } = info;
    const cell =
      role === 'counts' || (role === 'grams' && !isShadowed(info))
        ? new CellTrack(role, info.calibration)
        : null;
    const beam = role === 'beam' ? new BeamTrack(info.heartbeat) : null;
    const scale = beam && new BeamScale(beam, new Arrivals(cells));
    const pace = new Pace();
    const detectors: Detector[] = [];
    if (kind === 'linear' || (beam !== null && info.heartbeat))
      detectors.push(createQuiet(pace, beam !== null));
    if (cell)
      for (const { create, needsCounts } of cellDetectors)
        if (!needsCounts || cell.isCounts)
          detectors.push(create(cell, info.calibration, () => othersOf(cell)));
    if (beam && scale) for (const create of beamDetectors) detectors.push(create(beam, scale));
    const samplers = detectors.flatMap(({ sample }) => (sample ? [sample] : []));
    return { info, pace, cell, beam, scale, watches: detectors.map(watch), samplers, judgedAt: -Infinity };
  }

  function add(info: DetectedChannel): FaultChange[] {
    const before = channels.get(info.channel);
    const ended = before ? seenOn(before, 'cleared') : [];
    channels.set(info.channel, start(info));
    // A device's counts may become known after its grams.
    for (const [id, other] of channels)
      if (other.cell && isShadowed(other.info)) {
        ended.push(...seenOn(other, 'cleared'));
        channels.set(id, start(other.info));
      }
    cells.length = 0;
    for (const watched of channels.values()) {
      const { cell } = watched;
      if (cell) cells.push({ track: cell, isTrusted: (now) => isTrusted(watched, now) });
    }
    return ended;
  }

  function isTrusted({ watches, cell }: Watched, now: number): boolean {
    if (cell!.rests === 0 || now - cell!.startedAt < settles) return false;
    return watches.every(
      ({ detector, latch }) =>
        harmless.has(detector.fault) || (!latch.seen && now - latch.lastSeen > explains),
    );
  }

  function isExplained(watched: Watched, fault: FaultName, now: number): boolean {
    const { device } = watched.info;
    for (const other of channels.values()) {
      if (other.info.device !== device) continue;
      const [quiet] = other.watches;
      if (quiet?.detector.fault !== 'quiet' || !quiet.latch.seen) continue;
      // Of a device that is silent altogether one channel says so.
      if (fault !== 'quiet' || other !== watched) return true;
    }
    const causes = explainedBy[fault];
    return watched.watches.some(
      ({ detector, latch }) =>
        causes.includes(detector.fault) && (latch.seen !== null || now - latch.lastSeen < explains),
    );
  }

  function changeOf(
    { info }: Watched,
    { detector, latch }: Watch,
    state: FaultChange['state'],
    seen: NonNullable<Latch['seen']>,
  ): FaultChange {
    const { fault } = detector;
    const { channel, device } = info;
    const { from, confidence, says } = seen;
    return {
      fault,
      device,
      channel,
      state,
      from,
      to: latch.lastSeen,
      confidence,
      says,
      next: faultTexts[fault].next,
    };
  }

  /** A change for each fault that is raised on the channel. */
  function seenOn(watched: Watched, state: FaultChange['state']): FaultChange[] {
    return watched.watches.flatMap((one) =>
      one.latch.seen ? [changeOf(watched, one, state, one.latch.seen)] : [],
    );
  }

  function turnOf(watched: Watched, one: Watch, now: number): Turn {
    const { detector, latch } = one;
    const verdict = detector.judge(now);
    if (isExplained(watched, detector.fault, now)) {
      one.explainedUntil = now;
      return latch.take(now, verdict, true);
    }
    const isOld = typeof verdict === 'object' && verdict.from <= one.explainedUntil;
    return latch.take(now, isOld ? 'absent' : verdict, false);
  }

  function judge(watched: Watched, now: number): FaultChange[] {
    const changes: FaultChange[] = [];
    watched.judgedAt = now;
    watched.scale?.follow(now);
    for (const one of watched.watches) {
      const before = one.latch.seen;
      const turn = turnOf(watched, one, now);
      const seen = turn === 'cleared' ? before : one.latch.seen;
      if (turn && seen) changes.push(changeOf(watched, one, turn, seen));
    }
    return changes;
  }

  function take(watched: Watched, t: number, v: number): void {
    const { cell, beam, samplers, pace } = watched;
    pace.add(t);
    if (cell) cell.add(t, v);
    else if (beam) beam.add(t, v);
    for (let i = 0; i < samplers.length; i++) samplers[i]!();
  }

  return {
    add,
    remove(device) {
      const changes: FaultChange[] = [];
      for (const [id, watched] of channels) {
        if (watched.info.device !== device) continue;
        changes.push(...seenOn(watched, 'cleared'));
        channels.delete(id);
        const at = cells.findIndex(({ track }) => track === watched.cell);
        if (at >= 0) cells.splice(at, 1);
      }
      return changes;
    },
    feed(channel, t, v) {
      const watched = channels.get(channel);
      if (!watched) return [];
      let changes: FaultChange[] | null = null;
      for (let i = 0; i < t.length; i++) {
        take(watched, t[i]!, v[i]!);
        if (t[i]! - watched.judgedAt < judgeEvery) continue;
        const some = judge(watched, t[i]!);
        if (some.length > 0) changes = [...(changes ?? []), ...some];
      }
      return changes ?? [];
    },
    doubt(device, at) {
      for (const { info, pace, beam, cell } of channels.values()) {
        if (info.device !== device) continue;
        pace.heard = at;
        if (beam) beam.doubtedAt = at;
        cell?.spoil(at);
      }
    },
    tick(now) {
      const stood = now - tickedAt > standstill || now < tickedAt;
      tickedAt = now;
      if (stood) return [];
      return [...channels.values()].flatMap((watched) =>
        now - watched.judgedAt < judgeEvery ? [] : judge(watched, now),
      );
    },
    raised: () => [...channels.values()].flatMap((watched) => seenOn(watched, 'raised')),
  };
}
