import { z } from 'zod';

/** As `cell-a/weight`. */
export const channelId = z.string().min(1).max(200);
/** A value that a person asks for, in the channel's unit. */
export const finite = z.number().min(-1e15).max(1e15);
