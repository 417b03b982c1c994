import { useEffect, useState } from 'react';
import type { ValueAt } from '../../../common/contract/capture.ts';
import { messageOf } from '../../../common/lib/errors.ts';
import { hostNow } from '../../store/link.ts';
import { useRoom } from '../../store/store.ts';

/** Samples come in blocks and over a wire, and what earlier captures hold comes later: asked again until it is there. */
const againMs = 500;
/** Near the present a later sample may still count. Microseconds. */
const onTheWay = 2_000_000;

/** What each channel was at a moment, to the sample; null while the host has not said. By channel. */
export function useValuesAt(at: number | null, ids: string[]): ReadonlyMap<string, ValueAt> | null {
  const link = useRoom((store) => store.link);
  const [answer, setAnswer] = useState<{ at: number; values: Map<string, ValueAt> } | null>(null);
  const key = ids.join(' ');
  useEffect(() => {
    if (at === null || key === '' || link.is !== 'up') return;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const values = await link.api.capture.valuesAt(
          { channels: key.split(' '), at },
          { signal: ending.signal },
        );
        if (ending.signal.aborted) return;
        setAnswer({ at, values: new Map(values.map((value) => [value.channel, value])) });
        const isNear = hostNow(useRoom.getState().clockOffset) - at < onTheWay;
        if (isNear || values.some(({ isHeld }) => !isHeld)) timer = setTimeout(() => void ask(), againMs);
      } catch (error) {
        // The lane shows what its columns say instead; a link that was lost has its banner.
        if (!ending.signal.aborted) console.debug(messageOf(error));
      }
    };
    void ask();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [at, key, link]);
  return answer && answer.at === at ? answer.values : null;
}
