import { z } from 'zod';
import { method } from './base.ts';

/** The postmortem bundle. */
export const bundle = {
  /** Exports in the background into the incident's `exports` folder; progress by `tasks`. Answers at once. */
  export: method('bundle.export').output(z.object({ task: z.string() })),
  /** A path on this origin that downloads a finished export once. */
  ticket: method('bundle.export')
    .input(z.object({ task: z.string() }))
    .output(z.object({ path: z.string(), name: z.string() })),
  /** Writes a first postmortem from the ledger; it goes into every bundle after. */
  draftPostmortem: method('postmortem.draft').output(z.object({ id: z.string(), seq: z.number() })),
};
