import { useEffect, useState } from 'react';

/** Draws the caller again every `ms`; answers a count that moves. */
export function useTick(ms: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((count) => count + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return tick;
}
