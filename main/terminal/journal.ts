import { hostActor } from '../../common/ledger/host-actor.ts';
import { constants } from 'node:os';
import type { Clock } from '../../common/lib/clock.ts';
import type { Actor } from '../../common/ledger/types.ts';
import type { Ledger } from '../ledger/types.ts';
import type { CommandEvent } from './commands.ts';
import type { Recording, SessionFile } from './recording.ts';

export interface JournalDeps {
  ledger: Ledger;
  recording: Recording;
  session: string;
  /** Who opened the session: its commands are theirs. */
  actor: Actor;
  shell: string;
  cwd: string;
  clock: Clock;
  log(message: string, error?: unknown): void;
}

export interface SessionEnd {
  exit: number | null;
  signal: string | null;
  /** Why bytes may be missing, or null. Asked once the recording is closed. */
  gapOf(): string | null;
}

/** Writes a session into the ledger, in order and beside the way of the bytes. */
export interface Journal {
  command(event: CommandEvent): void;
  /** Resolves at once, unless many entries wait: then a flood of commands holds up the shell. */
  room(): Promise<void>;
  /** Closes the recording and writes the end after everything else. */
  end(end: SessionEnd): Promise<void>;
  /** Where the output of a command begins, while it runs. */
  startOf(command: string): number | null;
}

const maxWaiting = 64;

export function createJournal(deps: JournalDeps): Journal {
  const { ledger, recording, session, actor, log } = deps;
  /** Entry of each command that runs, by its key. */
  const running = new Map<number, { id: string; from: number }>();
  let queue: Promise<void> = Promise.resolve();
  let waiting = 0;
  let written = 0;
  const startedAt = deps.clock.now();
  let lastAt = startedAt;

  const enqueue = (work: () => Promise<void>): Promise<void> => {
    waiting++;
    queue = queue
      .then(work)
      // The shell and its recording go on: what the ledger refuses is said where the host says such things.
      .catch((error: unknown) => log(`terminal: session ${session}`, error))
      .finally(() => waiting--);
    return queue;
  };
  const append = async (event: CommandEvent) => {
    if (event.kind === 'started') {
      const { line, cwd, quality, from } = event;
      const data = { session, line, cwd, quality, from };
      const entry = await ledger.append({ type: 'command.started', data, actor });
      running.set(event.key, { id: entry.head.id, from });
      written++;
      return;
    }
    const command = running.get(event.key);
    if (!command) return;
    running.delete(event.key);
    await recording.flush();
    const { exit, from, to, digest, ms } = event;
    // The disk took less than the shell said: an end beyond the file would name bytes that nobody has.
    if (to > recording.written) return;
    const data = { session, command: command.id, exit, from, to, digest, ms };
    await ledger.append({ type: 'command.ended', data, actor });
  };
  const appendEnd = async ({ exit, signal, gapOf }: SessionEnd) => {
    const files = await recording.end(exit ?? exitOf(signal));
    if (written === 0) await appendWhole(deps, files, exit, (deps.clock.now() - startedAt) / 1000);
    const gap = gapOf();
    if (gap !== null) {
      const lost = { what: 'session' as const, reason: gap, from: lastAt, to: deps.clock.now() };
      await ledger.append({ type: 'gap.lost', data: lost, actor: hostActor, target: session });
    }
    const data = { session, exit, signal, files: files.map((file) => file.name) };
    const evidence = files.map(({ sha256, bytes, media }) => ({ sha256, bytes, media }));
    await ledger.append({ type: 'session.ended', data, actor, evidence });
  };

  return {
    command: (event) => {
      lastAt = deps.clock.now();
      void enqueue(() => append(event));
    },
    room: () => (waiting > maxWaiting ? queue : Promise.resolve()),
    end: (end) => enqueue(() => appendEnd(end)),
    startOf: (command) => [...running.values()].find((entry) => entry.id === command)?.from ?? null,
  };
}

/** A session whose shell told of no command is one command of quality `bytes`: the shell itself. */
async function appendWhole(
  deps: JournalDeps,
  files: SessionFile[],
  exit: number | null,
  ms: number,
): Promise<void> {
  const { ledger, session, actor, shell, cwd } = deps;
  const whole = files.find((file) => file.media === 'application/octet-stream');
  if (!whole || whole.bytes === 0) return;
  const data = { session, line: shell, cwd, quality: 'bytes' as const, from: 0 };
  const started = await ledger.append({ type: 'command.started', data, actor });
  const range = { from: 0, to: whole.bytes, digest: whole.sha256 };
  const ended = { session, command: started.head.id, exit, ...range, ms };
  await ledger.append({ type: 'command.ended', data: ended, actor });
}

/** The exit code of a shell that a signal ended, as shells count it: 128 and the signal's number. */
function exitOf(signal: string | null): number | null {
  const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
  return number === undefined ? null : 128 + number;
}
