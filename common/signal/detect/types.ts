/** What the detectors of named faults are told, and what they say. */
import type { ChannelInfo } from '../../incident/entries.ts';
import type { FaultName } from './names.ts';

/**
 * What a channel is to the detectors. `counts`: a load cell as its chip counts. `grams`: a load cell in grams; only where
 * the device has no counts. `beam`: 0 is broken. `other`: only watched for silence.
 */
export type ChannelRole = 'counts' | 'grams' | 'beam' | 'other';

/** weight = (counts − offset) / scale */
export interface Scale {
  offset: number;
  scale: number;
}

export interface DetectedChannel {
  /** "<device>/<column>" */
  channel: string;
  device: string;
  role: ChannelRole;
  kind: ChannelInfo['kind'];
  /** It speaks at least once a second also when nothing changes (beam-events). Of beams only. */
  heartbeat: boolean;
  /** Of cells, where it is known. */
  calibration?: Scale | undefined;
}

/** A fault is named, or is no longer seen. Times are microseconds since 1970. */
export interface FaultChange {
  fault: FaultName;
  device: string;
  channel: string;
  state: 'raised' | 'cleared';
  /** [from, to): where it is seen in the signal. */
  from: number;
  to: number;
  /** 0 to 1. */
  confidence: number;
  /** One sentence with numbers. */
  says: string;
  /** The next physical check. */
  next: string;
}

/** A fault as it is seen at this moment. */
export interface Sighting {
  /** Since when, microseconds since 1970. */
  from: number;
  confidence: number;
  says: string;
}

/** `unknown`: nothing can be told now; what was named stays named. */
export type Verdict = Sighting | 'absent' | 'unknown';

/** Looks for one fault on one channel. It looks at the track of its channel, which has taken the sample already. */
export interface Detector {
  readonly fault: FaultName;
  /** Seconds that it must be absent before it is cleared. */
  readonly clearAfter: number;
  /** Constant cost, makes nothing. Not called where a detector is content with its track. */
  sample?(): void;
  /** Called every tenth of a second or so, with the host's time or that of the last sample. */
  judge(now: number): Verdict;
}
