import { liveFrames } from './live.ts';
import { ourFrames, peerFrames } from './peer.ts';
import { spikeSeen } from './spike.ts';

const bench = { liveFrames, ourFrames, peerFrames, spikeSeen };
export type DrawBench = typeof bench;

Object.assign(window, { bench });
