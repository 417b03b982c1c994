import type { RigBeamDialect } from '../../../common/contract/rig-dialects.ts';
import type { BeamEvent, BeamSignal } from '../signal/beam-signal.ts';
import type { Board } from './board.ts';

export interface BeamBoardOptions {
  dialect: RigBeamDialect;
  /** Since when the board runs, seconds since the rig started. */
  from: number;
}

/** The beam's board: our own firmware's edges and heartbeats, or a sketch that speaks on change only. Active low. */
export function createBeamBoard(signal: BeamSignal, { dialect, from }: BeamBoardOptions): Board {
  const print: Record<RigBeamDialect, (event: BeamEvent) => string> = {
    'beam-events': ({ kind, seq, t, level }) =>
      `${kind === 'edge' ? 'E' : 'H'},${seq},${micros(t - from)},${level}`,
    'beam-text': ({ level }) => (level === 0 ? 'Broken' : 'Unbroken'),
    'beam-level': ({ level }) => `${level}`,
  };
  const speaksAlways = dialect === 'beam-events';
  return {
    dialect,
    lineEnd: speaksAlways ? '\n' : '\r\n',
    *lines(time) {
      for (const event of signal.until(time))
        if (speaksAlways || event.kind === 'edge') yield { t: event.t, line: print[dialect](event) };
    },
  };
}

/** `micros()` of most boards has 32 bits. */
const micros = (seconds: number) => Math.round(seconds * 1e6) % 2 ** 32;
