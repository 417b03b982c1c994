import type { Clock } from '../../common/lib/clock.ts';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { Actor, SignedRequest } from '../../common/ledger/types.ts';
import { createOscScanner } from '../../common/wire/osc.ts';
import type { Ledger } from '../ledger/types.ts';
import type { BulkStream } from '../platform/call.ts';
import { createCommandTracker } from './commands.ts';
import { createJournal, type Journal } from './journal.ts';
import type { PtyClient, PtyShell } from './pty-client.ts';
import { startRecording, type Recording, type SessionFile } from './recording.ts';
import type { ShellCommand } from './shell.ts';
import { createTail } from './tail.ts';
import { createViewer, type Viewer } from './viewer.ts';

export interface SessionDeps {
  ledger: Ledger;
  /** The incident's folder for sessions. */
  folder: string;
  clock: Clock;
  pty: PtyClient;
  log(message: string, error?: unknown): void;
}

export interface SessionOptions {
  id: string;
  command: ShellCommand;
  nonce: string;
  cols: number;
  rows: number;
  cwd: string;
  actor: Actor;
  req?: SignedRequest;
}

/** A recorded shell that runs. */
export interface Session {
  readonly id: string;
  /** Resolves when its end is in the ledger. Never rejects. */
  readonly ended: Promise<void>;
  attach(stream: BulkStream, mayType: boolean): void;
  resize(cols: number, rows: number): void;
  /** Hangs up; who does not go within two seconds is killed. */
  hangUp(): void;
  /** What is recorded so far, flushed. */
  seal(): Promise<SessionFile[]>;
  /** Where the output of a command that still runs lies. */
  outputOf(command: string): Promise<{ from: number; to: number } | null>;
}

/** What a page that attaches gets at once, and how far one may fall behind. */
export const tailBytes = 512 * 1024;
const killAfterMs = 2000;

/** Starts a shell and its recording. Throws when it can't be started; then its end is in the ledger. */
export async function startSession(deps: SessionDeps, options: SessionOptions): Promise<Session> {
  const { id, command, cols, rows, cwd, actor, req } = options;
  await deps.ledger.append({
    type: 'session.started',
    data: { session: id, shell: command.file, cols, rows, cwd, recordsInput: false },
    actor,
    ...(req && { req }),
  });
  let failure: unknown = null;
  let shell: PtyShell | null = null;
  const failed = (error: unknown) => {
    failure ??= error;
    // A shell that can't be recorded does not go on.
    shell?.kill('SIGKILL');
  };
  const { folder, clock } = deps;
  const recording = await startRecording({
    folder,
    session: id,
    shell: command.file,
    cols,
    rows,
    clock,
    failed,
  }).catch(async (error: unknown) => {
    const ended = { session: id, exit: null, signal: null, files: [] };
    await deps.ledger.append({ type: 'session.ended', data: ended, actor });
    throw fromSystem(error, 'Recording a shell');
  });
  const journal = createJournal({ ...deps, recording, session: id, actor, shell: command.file, cwd });
  const run = createRun(deps, options, recording, journal);
  const { file, args, env } = command;
  try {
    shell = await deps.pty.spawn({ id, file, args, env, cwd, cols, rows }, run.listener);
  } catch (error) {
    await journal.end({ exit: null, signal: null, gapOf: () => null });
    throw error;
  }
  if (failure !== null) shell.kill('SIGKILL');
  run.begin(shell, () => failure);
  return createHandle(id, run, recording, journal, shell);
}

type Run = ReturnType<typeof createRun>;

/** The way of the bytes: tail and pages at once, then marks, then the disk; only what is on it is taken from the shell's window. */
function createRun(deps: SessionDeps, options: SessionOptions, recording: Recording, journal: Journal) {
  const { clock } = deps;
  const scanner = createOscScanner();
  const tracker = createCommandTracker(options.nonce, options.cwd);
  const tail = createTail(tailBytes);
  const viewers = new Set<Viewer>();
  const streams = new Set<BulkStream>();
  const begun = Promise.withResolvers<PtyShell>();
  const ended = Promise.withResolvers<void>();
  let failureOf: () => unknown = () => null;
  let hasBegun = false;
  let hasEnded = false;

  const store = async (bytes: Uint8Array) => {
    await recording.output(bytes);
    await journal.room();
    (await begun.promise).taken(bytes.length);
  };
  const take = (segments: ReturnType<typeof scanner.scan>) => {
    for (const segment of segments)
      for (const event of tracker.take(segment, clock.now())) journal.command(event);
  };
  const finish = async (exit: number | null, signal: string | null, lost: string | null) => {
    take(scanner.end());
    for (const event of tracker.end(tail.end, exit, clock.now())) journal.command(event);
    // The last bytes are still on their way to the disk: what failed is known once the recording is closed.
    const gapOf = () => {
      const failed = failureOf();
      return failed === null ? lost : `The recording could not be written: ${messageOf(failed)}.`;
    };
    await journal.end({ exit, signal, gapOf });
    const gap = gapOf();
    if (gap !== null) for (const stream of streams) stream.fail(gap);
    for (const viewer of viewers) viewer.finish();
    hasEnded = true;
    ended.resolve();
  };
  const lostText = 'The process that owns the shells ended; the last bytes of this session may be missing.';
  return {
    tail,
    ended: ended.promise,
    listener: {
      output: (bytes: Uint8Array) => {
        tail.add(bytes);
        for (const viewer of viewers) viewer.more();
        take(scanner.scan(bytes));
        store(bytes).catch((error: unknown) => deps.log('terminal: output', error));
      },
      inputDropped: (bytes: number) =>
        deps.log(`terminal: ${bytes} bytes of keys were dropped: the program does not read them`),
      exit: (exit: number | null, signal: string | null) => void finish(exit, signal, null),
      lost: () => (hasBegun ? void finish(null, null, lostText) : undefined),
    },
    begin: (shell: PtyShell, failure: () => unknown) => {
      hasBegun = true;
      failureOf = failure;
      if (!options.command.isIntegrated)
        journal.command(tracker.startWhole(options.command.file, clock.now()));
      begun.resolve(shell);
    },
    attach: (stream: BulkStream) => {
      const viewer = createViewer(tail, stream);
      if (hasEnded) return viewer.finish();
      viewers.add(viewer);
      streams.add(stream);
      stream.onClose(() => {
        viewers.delete(viewer);
        streams.delete(stream);
      });
    },
  };
}

function createHandle(
  id: string,
  run: Run,
  recording: Recording,
  journal: Journal,
  shell: PtyShell,
): Session {
  return {
    id,
    ended: run.ended,
    attach: (stream, mayType) => {
      stream.onData((keys) => {
        if (mayType) shell.input(keys);
      });
      run.attach(stream);
    },
    resize: (cols, rows) => {
      shell.resize(cols, rows);
      recording.resized(cols, rows);
    },
    hangUp: () => {
      shell.kill('SIGHUP');
      const timer = setTimeout(() => shell.kill('SIGKILL'), killAfterMs);
      void run.ended.then(() => clearTimeout(timer));
    },
    seal: () => recording.seal(),
    outputOf: async (command) => {
      const from = journal.startOf(command);
      if (from === null) return null;
      await recording.flush();
      return { from, to: recording.written };
    },
  };
}

export function noSuchSession(session: string): WarroomError {
  return new WarroomError('not-found', `No session ${session} in this incident.`, 'Open a shell.');
}
