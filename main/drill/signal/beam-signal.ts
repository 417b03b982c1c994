/**
 * What the receiver of the break beam gives, edge by edge, with a heartbeat each second as our own firmware has it. Level 0
 * is broken. The edges are a function of seed and time: however it is asked, the same come.
 */
import { longestBounce } from './beam-faults.ts';
import { createBeamPath, type BeamFault, type BeamPath } from './beam-path.ts';
import { createLine, type Line } from './line.ts';

export type { BeamFault } from './beam-path.ts';

/** `seq`: number of the last edge, this one included, from 1. `t`: seconds since the rig started. */
export interface BeamEvent {
  t: number;
  kind: 'edge' | 'heartbeat';
  level: 0 | 1;
  seq: number;
}

export interface BeamSignalOptions {
  seed: number;
  /** The line that the cells share; one that runs since `from` unless told. */
  line?: Line | undefined;
  /** Since when the line runs, where none is given: 0 unless told. */
  from?: number | undefined;
  /** Read as time goes on: the owner may add faults, and end them. */
  faults?: readonly BeamFault[] | undefined;
}

export interface BeamSignal {
  /**
   * What came since it was last asked, up to and including `time`, in order. Edges count on while the board is silent: its
   * firmware counts them.
   */
  until(time: number): BeamEvent[];
}

/** Seconds that are worked out at a time. */
const slice = 5;

export function createBeamSignal(options: BeamSignalOptions): BeamSignal {
  const { seed, faults = [] } = options;
  const line = options.line ?? createLine(seed, options.from);
  const path = createBeamPath(seed, line, faults);
  let done = line.from;
  let level: 0 | 1 = 1;
  let edges = 0;
  let heartbeats = 0;

  function advance(to: number, out: BeamEvent[]): void {
    const tell = (t: number, kind: BeamEvent['kind']) => {
      if (!path.isSilent(t)) out.push({ t, kind, level, seq: edges });
    };
    const beatAt = () => line.from + heartbeats + 1;
    const beatUntil = (time: number) => {
      for (; beatAt() <= time; heartbeats++) tell(beatAt(), 'heartbeat');
    };
    for (const edge of edgesIn(path, done, to)) {
      if (edge.level === level) continue;
      beatUntil(edge.t);
      level = edge.level;
      edges++;
      tell(edge.t, 'edge');
    }
    beatUntil(to);
    done = to;
  }

  return {
    until(time) {
      const out: BeamEvent[] = [];
      while (done < time) advance(Math.min(time, done + slice), out);
      return out;
    },
  };
}

interface Edge {
  t: number;
  level: 0 | 1;
}

/** All edges in (from, to], bounces included, in order. */
function edgesIn(path: BeamPath, from: number, to: number): Edge[] {
  const edges: Edge[] = [];
  // A bounce may be of an edge before; whether one has room for it the next span tells.
  const spans = path.spans(from - longestBounce, to + longestBounce);
  spans.forEach(({ start, end }, i) => {
    const room = (at: number, next: number) => next - at > longestBounce;
    put(edges, path, start, 0, room(start, end));
    put(edges, path, end, 1, room(end, spans[i + 1]?.start ?? Infinity));
  });
  return edges.filter(({ t }) => t > from && t <= to);
}

function put(edges: Edge[], path: BeamPath, t: number, level: 0 | 1, mayBounce: boolean): void {
  if (t === Infinity) return;
  edges.push({ t, level });
  if (!mayBounce) return;
  path.bounces(t).forEach((delay, i) => {
    edges.push({ t: t + delay, level: i % 2 === 0 ? (level === 0 ? 1 : 0) : level });
  });
}
