import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { method } from './base.ts';

/** Long work: survives the window, visible to every seat. `total` 0: not known yet. */
export const task = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number(),
  message: z.string(),
  /** On failure: what happened and what to do. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  /** What came of it; for an export {file, name, bytes, sha256, size, root}. */
  result: z.record(z.string(), z.unknown()).nullable(),
});
export type Task = z.infer<typeof task>;

export const tasks = {
  watch: method('read').output(eventIterator(z.array(task))),
  cancel: method('bundle.export')
    .input(z.object({ task: z.string() }))
    .output(z.object({})),
};
