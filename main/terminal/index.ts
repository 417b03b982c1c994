/**
 * The recorded shell. Raw output goes into `sessions/<id>.bytes` with util-linux timing beside it; commands, with
 * their exit and the digest of their output, go into the ledger. Keys are never recorded: whether a program reads
 * them unseen (a password) can't be known in time, and what is shown of them is in the output anyway.
 */
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import { uuidv7 } from '../../common/lib/ids.ts';
import type { Actor, SignedRequest } from '../../common/ledger/types.ts';
import { plainText } from '../../common/wire/plain-text.ts';
import type { Ledger } from '../ledger/types.ts';
import type { BulkStream } from '../platform/call.ts';
import type { Platform } from '../platform/types.ts';
import { createPtyClient, type PtyClient } from './pty-client.ts';
import { endCutSessions } from './recover.ts';
import type { SessionFile } from './recording.ts';
import { noSuchSession, startSession, tailBytes, type Session } from './session.ts';
import { shellFor, writeIntegration, type Environment, type IntegrationFiles } from './shell.ts';
import { createTail } from './tail.ts';
import { createViewer } from './viewer.ts';

export { createTerminalApi } from './api.ts';
export type { SessionFile } from './recording.ts';

export interface TerminalDeps {
  platform: Pick<Platform, 'clock' | 'random' | 'fork'>;
  /** What shells inherit; this process's own environment when not given. */
  env?: Environment;
  /** What people should not be stopped by: dropped keys, an entry that the ledger refused. */
  log?(message: string, error?: unknown): void;
}

export interface TerminalIncident {
  ledger: Ledger;
  /** The incident's folder for sessions; made when it is not there. */
  folder: string;
}

export interface OpenShell {
  cols: number;
  rows: number;
  actor: Actor;
  req?: SignedRequest;
  /** The person's home when not given. */
  cwd?: string;
}

/** What is recorded of a session that is still open; `files` are on disk up to their `bytes`. */
export interface OpenPart {
  session: string;
  files: SessionFile[];
}

/** The shells of the incident that is open. */
export interface Terminal {
  /** The process that owns the shells, while there is one. */
  readonly hostPid: number | undefined;
  /** Begins with an incident, and ends in its ledger the sessions that a host before was cut off from. */
  start(incident: TerminalIncident): Promise<void>;
  /** Hangs up every shell and resolves when their ends are in the ledger. */
  stop(): Promise<void>;
  /** Starts a recorded shell and answers its session. Throws `unavailable` when it can't be started. */
  openShell(options: OpenShell): Promise<string>;
  /**
   * Sends the last 512 KB of a session, then what comes; its end ends the stream. A page that falls further behind
   * skips to the last 512 KB and says so: it never holds up the shell or the recording. Keys are taken when `mayType`.
   */
  attach(session: string, stream: BulkStream, mayType: boolean): Promise<void>;
  resize(session: string, cols: number, rows: number): Promise<void>;
  /** Hangs a shell up; resolves when its end is in the ledger. */
  closeShell(session: string): Promise<void>;
  /** Flushes all open sessions, for an export. */
  sealOpenParts(): Promise<OpenPart[]>;
  /** A command's output, raw and as text to read; of one that still runs, what is there. */
  commandOutput(command: string): Promise<{ bytes: Uint8Array; text: string }>;
  /** `stop`, then ends the process that owns the shells. */
  close(): Promise<void>;
}

/** How long shells may take to end before their process is ended. */
const stopMs = 5000;

export function createTerminal(deps: TerminalDeps): Terminal {
  const { clock, random } = deps.platform;
  const env = deps.env ?? process.env;
  const log = deps.log ?? ((message, error) => process.emitWarning(`${message} ${messageOf(error ?? '')}`));
  const pty: PtyClient = createPtyClient(deps.platform);
  const sessions = new Map<string, Session>();
  const starting = new Map<string, Promise<Session>>();
  let incident: TerminalIncident | null = null;
  let isStopping = false;
  let integration: IntegrationFiles | null = null;

  const current = (): TerminalIncident => {
    if (incident) return incident;
    throw new WarroomError('not-found', 'No incident is open.', 'Open or declare one first.');
  };
  /** The session, also while it is starting: its entry is seen before its shell runs. */
  const found = async (id: string): Promise<Session | undefined> => sessions.get(id) ?? starting.get(id);
  const running = async (id: string): Promise<Session> => {
    const session = await found(id);
    if (session) return session;
    if (incident?.ledger.state.sessions[id]) throw new WarroomError('refused', 'This session has ended.');
    throw noSuchSession(id);
  };
  const stop = async () => {
    isStopping = true;
    const late = setTimeout(() => pty.close(), stopMs);
    // A shell that is just starting would outlive its incident.
    await Promise.allSettled(starting.values());
    const ending = [...sessions.values()];
    for (const session of ending) session.hangUp();
    await Promise.all(ending.map((session) => session.ended));
    clearTimeout(late);
    incident = null;
    isStopping = false;
  };

  return {
    get hostPid() {
      return pty.pid;
    },
    start: async (next) => {
      if (incident) throw new WarroomError('internal', 'The terminal still belongs to another incident.');
      mkdirSync(next.folder, { recursive: true, mode: 0o700 });
      await endCutSessions(next.ledger, next.folder);
      incident = next;
    },
    stop,
    openShell: async ({ cols, rows, actor, req, cwd = homedir() }) => {
      const { ledger, folder } = current();
      if (isStopping) throw new WarroomError('unavailable', 'The incident is being left.', 'Open it again.');
      integration ??= writeIntegration();
      const id = uuidv7(Math.floor(clock.now() / 1000), random(10));
      const nonce = Buffer.from(random(16)).toString('hex');
      const command = shellFor(env, integration.folder, nonce);
      const start = startSession(
        { ledger, folder, clock, pty, log },
        { id, command, nonce, cols, rows, cwd, actor, ...(req && { req }) },
      );
      starting.set(id, start);
      try {
        const session = await start;
        sessions.set(id, session);
        void session.ended.then(() => sessions.delete(id));
      } finally {
        starting.delete(id);
      }
      return id;
    },
    attach: async (id, stream, mayType) => {
      const session = await found(id);
      if (session) return session.attach(stream, mayType);
      const { ledger, folder } = current();
      if (!ledger.state.sessions[id]) throw noSuchSession(id);
      await showEnded(join(folder, `${id}.bytes`), stream);
    },
    resize: async (id, cols, rows) => (await running(id)).resize(cols, rows),
    closeShell: async (id) => {
      const session = await running(id);
      session.hangUp();
      await session.ended;
    },
    sealOpenParts: async () => {
      // A shell that is just starting is in the ledger already: its part is sealed too.
      await Promise.allSettled(starting.values());
      return Promise.all(
        [...sessions.values()].map(async (session) => ({ session: session.id, files: await session.seal() })),
      );
    },
    commandOutput: async (id) => {
      const { ledger, folder } = current();
      const command = ledger.state.commands[id];
      if (!command) throw new WarroomError('not-found', 'No such command in this incident.');
      const range = command.ended ?? (await sessions.get(command.session)?.outputOf(id));
      if (!range) throw new WarroomError('not-found', 'The end of this command was never recorded.');
      const bytes = await readRange(join(folder, `${command.session}.bytes`), range.from, range.to);
      return { bytes, text: plainText(bytes) };
    },
    close: async () => {
      await stop();
      pty.close();
      integration?.remove();
      integration = null;
    },
  };
}

/** A session that has ended, from its file. */
async function showEnded(path: string, stream: BulkStream): Promise<void> {
  const handle = await open(path).catch((error: unknown) => {
    throw fromSystem(error, 'Reading a session');
  });
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const tail = createTail(tailBytes, start);
    tail.add(buffer.subarray(0, bytesRead));
    createViewer(tail, stream).finish();
  } finally {
    await handle.close();
  }
}

async function readRange(path: string, from: number, to: number): Promise<Uint8Array> {
  const handle = await open(path).catch((error: unknown) => {
    throw fromSystem(error, 'Reading the output of a command');
  });
  try {
    const bytes = new Uint8Array(to - from);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) throw new WarroomError('damaged', `${path} is shorter than the ledger says.`);
      filled += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
