import type { BeamScale } from './beam-scale.ts';
import type { BeamTrack } from './beam-track.ts';
import { createBeamBlind } from './beam-blind.ts';
import { createBeamBounce } from './beam-bounce.ts';
import { createBeamFalseEdges } from './beam-false-edges.ts';
import { createBeamLamps } from './beam-lamps.ts';
import { createBeamStuck } from './beam-stuck.ts';
import { createBitSlip } from './bit-slip.ts';
import type { CellTrack } from './cell-track.ts';
import { createDoutHigh, createDoutLow } from './dout.ts';
import { createDrift } from './drift.ts';
import { createFiltered } from './filtered.ts';
import { createGainLost } from './gain-lost.ts';
import { createHalfRate } from './half-rate.ts';
import { createInverted } from './inverted.ts';
import { createMains } from './mains.ts';
import { createReplayed } from './replayed.ts';
import { createSaturated } from './saturated.ts';
import { createSpikes } from './spikes.ts';
import type { Detector, Scale } from './types.ts';

interface CellKind {
  /** `others`: the other cells that can be trusted now. */
  create(track: CellTrack, calibration: Scale | undefined, others: () => CellTrack[]): Detector;
  /** It needs to know counts: a channel in grams without a calibration has none. */
  needsCounts?: true;
}

/** The detectors of a load cell, what explains others first. A new one is a file, its name in names.ts, and a line here. */
export const cellDetectors: readonly CellKind[] = [
  { create: createSaturated, needsCounts: true },
  { create: createDoutHigh, needsCounts: true },
  { create: createDoutLow, needsCounts: true },
  { create: createReplayed },
  { create: createBitSlip, needsCounts: true },
  { create: createGainLost, needsCounts: true },
  { create: createSpikes },
  { create: createInverted },
  { create: createHalfRate },
  { create: createFiltered, needsCounts: true },
  { create: createMains },
  { create: createDrift },
];

/** The detectors of a break beam. */
export const beamDetectors: readonly ((beam: BeamTrack, scale: BeamScale) => Detector)[] = [
  createBeamLamps,
  createBeamBounce,
  createBeamStuck,
  createBeamBlind,
  createBeamFalseEdges,
];
