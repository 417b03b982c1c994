/** A lane's vertical scale. */
export interface Scale {
  low: number;
  high: number;
}

const margin = 0.12;
/** The trace may use this little of the lane before the scale closes in on it. */
const leastUse = 0.45;

/**
 * The next scale for values [min, max]: opens at once when they leave it, closes in only when they use under half of
 * it, so that a lane does not breathe with its noise.
 */
export function nextScale(current: Scale | null, min: number, max: number): Scale {
  const fitted = fit(min, max);
  if (!current || min < current.low || max > current.high) {
    if (!current) return fitted;
    return {
      low: Math.min(min < current.low ? fitted.low : current.low, fitted.low),
      high: Math.max(max > current.high ? fitted.high : current.high, fitted.high),
    };
  }
  const isRoomy = fitted.high - fitted.low < (current.high - current.low) * leastUse;
  return isRoomy ? fitted : current;
}

function fit(min: number, max: number): Scale {
  const height = max - min;
  // A flat line is drawn in the middle of a lane, not over its whole height.
  const room = height > 0 ? height * margin : Math.max(Math.abs(max) * 0.01, 0.5);
  return { low: min - room, high: max + room };
}
