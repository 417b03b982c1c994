/**
 * How a device's own clock runs against the host's, from the times at which its lines arrive. A line never arrives before
 * it was sent, and now and then one is hardly held up: so the truth is the line that lies under all points
 * (arrival, arrival − device time) and closest to them. (Moon, Skelly, Towsley: Estimation and removal of clock skew
 * from network delay measurements, INFOCOM 1999: that line is the edge of the lower convex hull over the mean time.)
 */

/** As `deviceClock` of common/contract/devices.ts, without the count of jumps. Microseconds, ppm and seconds. */
export interface ClockEstimate {
  at: number;
  offset: number;
  drift: number;
  uncertainty: number;
  driftUncertainty: number;
  span: number;
}

export interface ClockJump {
  /** Host time at which it was seen. */
  at: number;
  /** By how much the device's clock went ahead of what was expected, microseconds. */
  by: number;
}

export interface ClockEstimator {
  /** A line of device time `device` arrived at host time `host`, both in microseconds. */
  add(device: number, host: number): void;
  /** Null until it was watched for ten seconds since the beginning or the last jump. */
  estimate(): ClockEstimate | null;
  readonly jumps: number;
  readonly lastJump: ClockJump | null;
}

/** A point of the envelope: host time and arrival − device time, both less those of the first one. */
interface Point {
  x: number;
  y: number;
}

/** One point, the least held up, is kept of each so many microseconds, for ten minutes. */
const bucket = 1_000_000;
const window = 600_000_000;
/** Once there are many, the line that the next are held against is made anew with every tenth. */
const fitEvery = 10;
const leastPoints = 10;
const leastSpan = 9_500_000;
/** Columns of one device come one after another: so far back is no jump. */
const outOfOrder = 1_000_000;
/** Nothing arrives earlier than the line says by more than this, and not later for longer than that. */
const impossiblyEarly = 5_000;
const late = 20_000;
const lateFor = 10_000_000;
/** Before a line is known: by how much the first lines may be held up, and how far the cheapest resonators are off. */
const firstDelay = 500_000;
const worstDrift = 0.01;

export function createClockEstimator(): ClockEstimator {
  let points: Point[] = [];
  let origin = { host: 0, offset: 0 };
  let newest = { device: -Infinity, host: 0 };
  let lateSince: number | null = null;
  let line: Line | null = null;
  /** Points since it was made. */
  let since = 0;
  let jumps = 0;
  let lastJump: ClockJump | null = null;

  function begin(host: number, offset: number): void {
    points = [];
    origin = { host, offset };
    lateSince = null;
    line = null;
  }

  function jumped(at: number, by: number): void {
    jumps++;
    lastJump = { at, by };
    begin(at, origin.offset);
  }

  /** Whether the point says that the clock jumped: too early for any line, or late for too long. */
  function isJump({ x, y }: Point): boolean {
    if (points.length === 0) return false;
    const [expected, tolerance] = expectation(points, line, x);
    if (y < expected - tolerance - impossiblyEarly) return true;
    if (y <= expected + tolerance + late) lateSince = null;
    else lateSince ??= x;
    return lateSince !== null && x - lateSince > lateFor;
  }

  function keep(point: Point): void {
    const last = points.at(-1);
    if (!last || Math.floor(last.x / bucket) !== Math.floor(point.x / bucket)) {
      if (!line || ++since % fitEvery === 0) line = fit(points);
      points.push(point);
      while (points[0]!.x < point.x - window) points.shift();
    } else if (point.y < last.y) points[points.length - 1] = point;
  }

  return {
    add(device, host) {
      const offset = host - device;
      if (device < newest.device && device >= newest.device - outOfOrder) return;
      if (points.length === 0) begin(host, offset);
      const wentBack = device < newest.device;
      const point = { x: host - origin.host, y: offset - origin.offset };
      if (wentBack || isJump(point)) {
        const [expected] = expectation(points, line, point.x);
        jumped(host, expected - point.y);
        begin(host, offset);
        point.x = point.y = 0;
      }
      newest = { device, host };
      keep(point);
    },
    estimate() {
      const fitted = fit(points);
      const [first, last] = [points[0], points.at(-1)];
      if (!fitted || !first || !last) return null;
      const span = last.x - first.x;
      if (span < leastSpan) return null;
      const { slope, noise } = fitted;
      const driftUncertainty = (2 * noise) / (span / 2);
      return {
        at: newest.host,
        offset: origin.offset + valueAt(fitted, newest.host - origin.host),
        // The offset shrinks while the device gains.
        drift: -slope * 1e6,
        uncertainty: noise + (driftUncertainty * span) / 2 + 1,
        driftUncertainty: driftUncertainty * 1e6,
        span: span / 1e6,
      };
    },
    get jumps() {
      return jumps;
    },
    get lastJump() {
      return lastJump;
    },
  };
}

interface Line {
  x: number;
  y: number;
  slope: number;
  /** By how much its ends may lie too high, microseconds. */
  noise: number;
  /** How far three quarters of the points lie over it at most. */
  usual: number;
}

const valueAt = ({ x, y, slope }: Line, at: number) => y + slope * (at - x);

/** Where the next point is expected, and how far off it may be. */
function expectation(points: Point[], line: Line | null, x: number): [number, number] {
  if (line) return [valueAt(line, x), 3 * (line.noise + line.usual)];
  const lowest = points.reduce((low, point) => (point.y < low.y ? point : low), points[0] ?? { x, y: 0 });
  return [lowest.y, firstDelay + worstDrift * (x - lowest.x)];
}

/** The edge of the lower convex hull over the mean of x. Null for too few points. */
function fit(points: Point[]): Line | null {
  if (points.length < leastPoints) return null;
  const hull: Point[] = [];
  for (const point of points) {
    while (hull.length > 1 && turns(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop();
    hull.push(point);
  }
  const mean = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const end = Math.max(
    1,
    hull.findIndex(({ x }) => x >= mean),
  );
  const [from, to] = [hull[end - 1]!, hull[end]!];
  const slope = (to.y - from.y) / (to.x - from.x);
  const over = points.map(({ x, y }) => y - from.y - slope * (x - from.x)).sort((a, b) => a - b);
  return { ...from, slope, noise: noiseOf(over), usual: over[Math.floor(over.length * 0.75)]! };
}

/**
 * How far the least of a third of the points lies over the truth, from the lower quartile of all (`over`, rising): of
 * delays that begin with some density at nothing, the least of m lies 3.5 quartiles / m over it, and three times that
 * once in twenty. Where few are as short as the shortest it is more: a tenth of a quartile at least.
 */
function noiseOf(over: number[]): number {
  const quartile = over[Math.floor(over.length / 4)]!;
  return quartile * Math.max(0.1, (3 * 3.5 * 3) / over.length);
}

/** Over 0 where a → b → c turns left. */
function turns(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
