import { z } from 'zod';
import { method, streamId } from './base.ts';

const size = { cols: z.number().int().min(2).max(500), rows: z.number().int().min(1).max(300) };

/** Recorded shells. Bytes go by the bulk plane: data frames from the host are output, to the host are keys. */
export const terminal = {
  /** Starts a recorded shell of the person. */
  open: method('session.open')
    .input(z.object(size))
    .output(z.object({ session: z.string() })),
  /** Attaches to a session: the stream carries what was printed so far (its last 512 KB), then what comes. Every seat may look; keys are taken only from those who may open a session. */
  attach: method('read')
    .input(z.object({ session: z.string() }))
    .output(streamId),
  resize: method('session.open')
    .input(z.object({ session: z.string(), ...size }))
    .output(z.object({})),
  close: method('session.open')
    .input(z.object({ session: z.string() }))
    .output(z.object({})),
};
