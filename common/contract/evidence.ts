import { z } from 'zod';
import { appended, entryId, method, micros, rungNumber, shortText } from './base.ts';

const where = { rung: rungNumber.optional(), note: z.string().max(20_000).optional() };

/** Keeping things: each becomes an immutable blob and an `evidence.kept` entry. */
export const evidence = {
  /** A window of channels, as MCAP, with its picture as a second blob. Times on the host's axis. */
  keepWindow: method('evidence.keep')
    .input(
      z.object({ name: shortText, channels: z.array(z.string()).min(1), from: micros, to: micros, ...where }),
    )
    .output(appended),
  /** A command with its output. `command`: the id of its command.started. */
  keepCommand: method('evidence.keep')
    .input(z.object({ command: entryId, ...where }))
    .output(appended),
  keepNote: method('evidence.keep')
    .input(z.object({ name: shortText, text: z.string().min(1).max(1_000_000), ...where }))
    .output(appended),
  /** Opens a stream for a dropped file; send its bytes as data frames, then an end frame, then `finishFile`. */
  startFile: method('evidence.keep')
    .input(
      z.object({
        name: shortText,
        media: z.string().max(100),
        bytes: z.number().int().nonnegative(),
        ...where,
      }),
    )
    .output(z.object({ upload: z.string(), stream: z.number().int().positive() })),
  /** Answers when all bytes of the upload are on disk and the entry is appended. */
  finishFile: method('evidence.keep')
    .input(z.object({ upload: z.string() }))
    .output(appended),
  /** A path on this origin that shows one blob once, in a sandbox. */
  ticket: method('read')
    .input(z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .output(z.object({ path: z.string() })),
};
