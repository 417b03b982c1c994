import type {
  MathSpec,
  Measurement,
  SignalFault,
  TriggerSpec,
  TriggerState,
} from '../../common/contract/signals.ts';
import type { CalibrationState } from '../../common/contract/calibration.ts';
import type { mathChannel } from '../../common/contract/signals.ts';
import type { DataOf } from '../../common/incident/entries.ts';
import type { Actor, EvidenceRef } from '../../common/ledger/types.ts';
import type { Watchable } from '../../common/lib/watch.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import type { z } from 'zod';
import type { Capture } from '../capture/types.ts';
import type { Devices } from '../devices/types.ts';
import type { Draft, Ledger } from '../ledger/types.ts';

/** What the room needs of the open incident. */
export interface SignalsDeps {
  ledger: Pick<Ledger, 'append' | 'state' | 'onCommit' | 'range' | 'size'>;
  capture: Pick<Capture, 'channels' | 'series' | 'read' | 'onSamples' | 'now' | 'addDevice' | 'exportWindow'>;
  devices: Pick<Devices, 'health' | 'onRejected' | 'onLost'>;
  /** Takes blocks of computed channels into the capture. */
  push(blocks: SampleBlock[]): void;
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>, media: string): Promise<EvidenceRef>;
  log(message: string, error?: unknown): void;
}

/** Appends in the name of whoever asked. */
export type AppendOwn = <T extends 'capture.derived' | 'capture.removed' | 'device.calibrated'>(
  draft: Omit<Draft<T>, 'actor' | 'req'>,
) => Promise<{ id: string; seq: number }>;

export type MathChannelInfo = z.infer<typeof mathChannel>;

export interface MeasureRequest {
  channels: string[];
  from: number;
  to: number;
  level?: number | undefined;
  hysteresis?: number | undefined;
  bounceWithin?: number | undefined;
}

/** A load to be taken: a window that lies in the past, else the next `seconds`. */
export interface TakeRequest {
  window?: { from: number; to: number } | undefined;
  seconds?: number | undefined;
  patience?: number | undefined;
}

/** Triggers, measurements, math channels and calibration of the incident that is open. */
export interface Signals {
  /** Rejects with `not-found` for an unknown channel, `bad-input` for a window with too much in it. */
  measure(request: MeasureRequest): Promise<Measurement[]>;
  /** A picture (SVG) of [from, to) of the channels, with the entries that fall into it as marks. */
  picture(title: string, channels: string[], from: number, to: number): Uint8Array;
  trigger: TriggerRoom;
  math: MathChannels;
  calibration: CalibrationRoom;
  faults: FaultRoom;
  /** Ends what runs; what is being kept is kept. */
  close(): Promise<void>;
}

export interface FaultRoom {
  /** Those that are seen now, the oldest first. */
  readonly state: Watchable<SignalFault[]>;
  close(): Promise<void>;
}

export interface TriggerRoom {
  readonly state: Watchable<TriggerState>;
  /** Throws `not-found` for an unknown channel. */
  set(spec: TriggerSpec, by: Actor): void;
  clear(): void;
  close(): Promise<void>;
}

export interface MathChannels {
  list(): MathChannelInfo[];
  /** Throws `bad-input` (where in the expression), `not-found` (an input), `taken` (the id). */
  add(spec: MathSpec, append: AppendOwn): Promise<{ id: string; seq: number }>;
  /** As `add`, in place of one of the same id where there is one. */
  replace(
    data: DataOf<'capture.derived'>,
    append: AppendOwn,
    cause?: string,
  ): Promise<{ id: string; seq: number }>;
  remove(id: string, append: AppendOwn): Promise<{ id: string; seq: number }>;
  close(): void;
}

export interface CalibrationRoom {
  readonly state: Watchable<CalibrationState>;
  start(channel: string, empty: number | undefined): CalibrationState;
  tare(request: TakeRequest, signal: AbortSignal | undefined): Promise<CalibrationState>;
  addPoint(weight: number, request: TakeRequest, signal: AbortSignal | undefined): Promise<CalibrationState>;
  dropPoint(index: number): CalibrationState;
  finish(anyway: boolean, append: AppendOwn): Promise<{ id: string; seq: number; channel: string }>;
  cancel(): void;
}
