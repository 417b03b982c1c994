/** A trigger: fed with a channel's samples, with time and with entries, it tells the windows that it catches. */
import type { TriggerEvent, TriggerSpec } from '../contract/signals.ts';
import type { ChannelInfo } from '../incident/entries.ts';
import { Crossings, type Crossing } from './crossings.ts';
import { spanText, whyText } from './trigger-why.ts';

/** [from, to) around the event at `at`, microseconds since 1970. */
export interface Segment {
  at: number;
  from: number;
  to: number;
  why: string;
  /** Nothing came: it fired by itself. */
  auto: boolean;
}

/** Each call answers the segments that are certain by then, in order. How samples are cut into calls changes nothing. */
export interface Trigger {
  /** A single one that has fired: nothing more comes. */
  readonly isDone: boolean;
  push(t: ArrayLike<number>, v: ArrayLike<number>): Segment[];
  /** Samples between the last and the next are missing: nothing is measured across. */
  gap(): Segment[];
  /**
   * It is `now`, and no sample before that is still to come. `heard`: until when a step channel is known to hold its
   * value. What a linear channel does between samples only its next sample tells.
   */
  tick(now: number, heard?: number): Segment[];
  entry(type: string, at: number): Segment[];
}

const defaultAutoAfter = 1_000_000;

export function createTrigger(spec: TriggerSpec, kind: ChannelInfo['kind'], armedAt: number): Trigger {
  return new Machine(spec, kind, armedAt);
}

class Machine implements Trigger {
  isDone = false;
  private readonly spec: TriggerSpec;
  private readonly on: TriggerEvent;
  private readonly isStep: boolean;
  private readonly crossings: Crossings | null;
  private readonly autoAfter: number;
  private readonly pre: number;
  /** Events before it are ignored. */
  private armedAt: number;
  /** When what must last long enough will have; null when it does not last. */
  private due: number | null = null;
  /** Start of the pulse that is on; null when it was not seen. */
  private pulseFrom: number | null = null;
  private lastTime = NaN;
  private found: Segment[] = [];

  constructor(spec: TriggerSpec, kind: ChannelInfo['kind'], armedAt: number) {
    this.spec = spec;
    this.on = spec.on;
    this.isStep = kind === 'step';
    this.armedAt = armedAt;
    this.crossings = 'level' in spec.on ? new Crossings({ ...spec.on, kind }) : null;
    this.autoAfter = spec.mode === 'auto' ? (spec.autoAfter ?? defaultAutoAfter) : Infinity;
    this.pre = Math.min(
      spec.window,
      'share' in spec.before ? spec.before.share * spec.window : spec.before.micros,
    );
    if (spec.on.kind === 'dropout') this.due = armedAt + spec.on.micros;
  }

  push(t: ArrayLike<number>, v: ArrayLike<number>): Segment[] {
    for (let i = 0; i < t.length && !this.isDone; i++) {
      if (this.crossings) this.pushLevel(this.crossings, t[i]!, v[i]!);
      else this.pushAny(t[i]!);
    }
    return this.take();
  }

  gap(): Segment[] {
    this.crossings?.break();
    this.pulseFrom = null;
    // That no sample came is true of a gap as well; whether an edge came is not known.
    const { on } = this;
    if (!(on.kind === 'dropout' && on.of === 'samples')) this.due = null;
    return this.take();
  }

  tick(now: number, heard = now): Segment[] {
    const { on, isStep } = this;
    const isSilence = on.kind === 'dropout' && (on.of === 'samples' || !isStep);
    const wavers = this.crossings !== null && this.crossings.sureUntil < this.lastTime;
    const known = isSilence ? now : isStep ? Math.min(now, heard) : -Infinity;
    this.advance(wavers ? -Infinity : known, now);
    return this.take();
  }

  entry(type: string, at: number): Segment[] {
    if (this.on.kind === 'ledger' && this.on.types.includes(type)) {
      this.advance(-Infinity, at);
      this.fire(at, `Entry ${type}`);
    }
    return this.take();
  }

  private pushAny(time: number): void {
    this.advance(time, time);
    const { on } = this;
    if (on.kind === 'dropout') this.due = time + on.micros;
  }

  private pushLevel(crossings: Crossings, time: number, value: number): void {
    const before = crossings.isHigh;
    const crossing = crossings.push(time, value);
    this.lastTime = time;
    if (crossing) {
      this.advance(crossing.at, crossing.at);
      this.onCrossing(crossing);
    } else if (crossings.isHigh === null) this.onUnknown(time);
    else if (before === null) this.onKnown(crossings.isHigh, time);
    const sure = crossings.sureUntil;
    this.advance(sure, sure);
  }

  /** The signal is on this side, since nobody knows when. */
  private onKnown(isHigh: boolean, time: number): void {
    const { on } = this;
    if (on.kind === 'level') this.due = isHigh === (on.side === 'above') ? time + on.micros : null;
    if (on.kind === 'dropout') this.due ??= time + on.micros;
  }

  private onUnknown(time: number): void {
    this.pulseFrom = null;
    if (this.on.kind === 'dropout') this.due ??= time + this.on.micros;
    else this.due = null;
  }

  private onCrossing({ at, rising }: Crossing): void {
    const { on } = this;
    if (on.kind === 'edge') {
      if (on.direction === 'either' || (on.direction === 'rising') === rising) this.fireEvent(at, rising);
    } else if (on.kind === 'level') this.due = rising === (on.side === 'above') ? at + on.micros : null;
    else if (on.kind === 'dropout') this.due = at + on.micros;
    else if (on.kind === 'pulse') this.onPulse(on, at, rising);
  }

  private onPulse(on: Extract<TriggerEvent, { kind: 'pulse' }>, at: number, rising: boolean): void {
    const { width } = on;
    this.due = null;
    if (rising === (on.polarity === 'high')) {
      this.pulseFrom = at;
      if (width.is === 'longer') this.due = at + width.micros;
      return;
    }
    if (this.pulseFrom === null) return;
    const lasted = at - this.pulseFrom;
    this.pulseFrom = null;
    const fits =
      width.is === 'shorter'
        ? lasted < width.micros
        : width.is === 'between' && lasted >= width.least && lasted <= width.most;
    if (fits) this.fireEvent(at, rising, lasted);
  }

  /** Nothing before `sure` changes any more, and until `now` no event came: what was due by then has happened. */
  private advance(sure: number, now: number): void {
    while (!this.isDone) {
      const { due } = this;
      // At least so long, or longer.
      const isMet = due !== null && (this.on.kind === 'level' ? sure >= due : sure > due);
      const auto = this.armedAt + this.autoAfter;
      if (isMet && due <= auto) {
        this.due = null;
        this.fireEvent(due, true);
      } else if (now > auto) this.fireAuto(auto, now);
      else return;
    }
  }

  /** After a jump in time only the last of those that were due. */
  private fireAuto(auto: number, now: number): void {
    const every = this.autoAfter + this.rest();
    const times = Math.max(0, Math.ceil((now - auto) / every) - 1);
    this.fire(auto + times * every, `Nothing came for ${spanText(this.autoAfter)}`, true);
  }

  private fireEvent(at: number, rising: boolean, width?: number): void {
    this.fire(at, whyText(this.spec.channel, this.on, rising, width));
  }

  private fire(at: number, why: string, auto = false): void {
    if (this.isDone || at < this.armedAt) return;
    const from = at - this.pre;
    this.found.push({ at, from, to: from + this.spec.window, why, auto });
    this.armedAt = at + this.rest();
    this.isDone = this.spec.mode === 'single';
  }

  /** How long events are ignored after one. */
  private rest(): number {
    return Math.max(this.spec.holdoff, this.spec.window - this.pre);
  }

  private take(): Segment[] {
    const { found } = this;
    this.found = [];
    return found;
  }
}
