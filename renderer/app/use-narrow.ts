import { useSyncExternalStore } from 'react';

/** In rem, so that larger text collapses the panes sooner. */
const query = window.matchMedia('(max-width: 75rem)');

/** Whether there is too little room for the ladder beside the other panes. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => query.matches,
  );
}
