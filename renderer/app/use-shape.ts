import { useSyncExternalStore } from 'react';
import { onTextSize, textSize } from '../store/text-size.ts';

/**
 * How the panes lie: `wide` all beside one another; `narrow` the ladder as a tab of the right side; `single` every pane
 * a tab of one place.
 */
export type Shape = 'wide' | 'narrow' | 'single';

/** Least widths in ems of the room's text: larger text collapses the panes sooner. */
const least = { wide: 75, narrow: 60 };
/** Least height for two panes above one another. */
const leastHeight = 36;
const em = 16;

/** `width` and `height` in CSS pixels, `size` the text's in percent. */
export function shapeOf(width: number, height: number, size: number): Shape {
  const perEm = (em * size) / 100;
  if (width / perEm < least.narrow || height / perEm < leastHeight) return 'single';
  return width / perEm <= least.wide ? 'narrow' : 'wide';
}

export function useShape(): Shape {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('resize', changed);
      const stop = onTextSize(changed);
      return () => {
        window.removeEventListener('resize', changed);
        stop();
      };
    },
    () => shapeOf(window.innerWidth, window.innerHeight, textSize()),
  );
}
