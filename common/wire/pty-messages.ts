/**
 * What the host and a pty-host say to each other (native/pty-host). One process owns people's shells; a second one of
 * the same kind owns the rig's bare pairs, because a pair that nobody reads can freeze its process.
 */

/** How much output of one shell may be on its way to the host before the shell is held up, in bytes. */
export const shellWindow = 512 * 1024;

/** From the host. `id` names a shell or a pair; the host chooses it. */
export type PtyRequest =
  | {
      type: 'spawn';
      id: string;
      file: string;
      args: string[];
      cwd: string;
      /** The whole environment of the shell; TERM is set by the pty-host. */
      env: Record<string, string>;
      cols: number;
      rows: number;
    }
  | { type: 'input'; id: string; bytes: Uint8Array }
  | { type: 'resize'; id: string; cols: number; rows: number }
  /** The host has stored so many bytes of output: the shell's window opens again by as many. */
  | { type: 'taken'; id: string; bytes: number }
  | { type: 'kill'; id: string; signal: 'SIGHUP' | 'SIGTERM' | 'SIGKILL' }
  /** Opens a pair, or opens it anew. `link`: a path that is to point at the slave, moved there atomically. */
  | { type: 'pair.open'; id: string; link?: string }
  /** Prints to whoever has the slave open. Never waits: what is not taken at once is dropped and counted. */
  | { type: 'pair.write'; id: string; bytes: Uint8Array }
  /** Pulls the cable: the link goes, and whoever has the slave open is hung up. */
  | { type: 'pair.close'; id: string };

/** From a pty-host. */
export type PtyReply =
  | { type: 'started'; id: string; pid: number }
  | { type: 'output'; id: string; bytes: Uint8Array }
  /** Keys that the shell did not read in time, dropped: how many bytes. */
  | { type: 'input.dropped'; id: string; bytes: number }
  /** After the last byte of output. `exit` is null when a signal ended it. */
  | { type: 'exit'; id: string; exit: number | null; signal: string | null }
  /** `path` is the slave's own path; the link, where one was asked for, points at it by now. */
  | { type: 'pair.opened'; id: string; path: string }
  /** What was written to the slave. */
  | { type: 'pair.data'; id: string; bytes: Uint8Array }
  /** Bytes dropped since the pair was opened; at most ten times a second. */
  | { type: 'pair.dropped'; id: string; bytes: number }
  | { type: 'pair.closed'; id: string }
  /** The request `of` could not be done. A `spawn` that failed has no `exit` after it. */
  | { type: 'failed'; id: string; of: PtyRequest['type']; message: string; code: string | null };
