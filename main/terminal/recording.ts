import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../common/lib/clock.ts';

/** A file of a session as it stands: its first `bytes` bytes have this digest and are on disk. */
export interface SessionFile {
  /** Relative to the incident's folder and to a bundle's data folder. */
  name: string;
  path: string;
  bytes: number;
  sha256: string;
  media: 'application/octet-stream' | 'text/plain';
}

export interface RecordingOptions {
  /** The incident's folder for sessions. */
  folder: string;
  session: string;
  shell: string;
  cols: number;
  rows: number;
  clock: Clock;
  /** Called once when the disk takes no more: what is written after it is not recorded. */
  failed(error: unknown): void;
}

/** A session on disk: raw bytes, and util-linux's multi-stream timing beside them (FORMATS, Terminal). */
export interface Recording {
  /** Bytes of output that are written. */
  readonly written: number;
  /** Resolves when it is written (not yet flushed). */
  output(bytes: Uint8Array): Promise<void>;
  resized(cols: number, rows: number): void;
  /** Everything so far is on disk after this. */
  flush(): Promise<void>;
  /** Flushes, and ends the timing as if the session ended here; it goes on after that. */
  seal(): Promise<SessionFile[]>;
  /** Writes the end and closes. `exit` null: not known. */
  end(exit: number | null): Promise<SessionFile[]>;
}

/** Written bytes reach the disk after this at the latest. */
const flushMs = 250;

export async function startRecording(options: RecordingOptions): Promise<Recording> {
  const { folder, session, clock } = options;
  const bytes = await openLog(folder, `${session}.bytes`, 'application/octet-stream');
  const timing = await openLog(folder, `${session}.timing`, 'text/plain');
  const startedAt = clock.now();
  let lastAt = startedAt;
  let hasFailed = false;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let waiting: { bytes: Uint8Array[]; timing: string } | null = null;

  const sinceLast = () => {
    const now = clock.now();
    const seconds = ((now - lastAt) / 1e6).toFixed(6);
    lastAt = now;
    return seconds;
  };
  const guarded = async (work: () => Promise<void>) => {
    if (hasFailed) return;
    try {
      await work();
    } catch (error) {
      hasFailed = true;
      options.failed(error);
    }
  };
  /** Chunks that come while the disk is busy are written together. */
  const write = (line: string, chunk?: Uint8Array): Promise<void> => {
    if (!waiting) {
      const batch = (waiting = { bytes: [] as Uint8Array[], timing: '' });
      writing = writing.then(() => {
        waiting = null;
        return guarded(async () => {
          if (batch.bytes.length > 0) await bytes.append(Buffer.concat(batch.bytes));
          await timing.append(Buffer.from(batch.timing));
        });
      });
    }
    if (chunk) waiting.bytes.push(chunk);
    waiting.timing += line;
    timer ??= setTimeout(() => void flush(), flushMs);
    return writing;
  };
  const flush = async () => {
    if (timer) clearTimeout(timer);
    timer = null;
    writing = writing.then(() =>
      guarded(() => Promise.all([bytes.sync(), timing.sync()]).then(() => undefined)),
    );
    await writing;
  };
  const duration = () => `H ${sinceLast()} DURATION ${((lastAt - startedAt) / 1e6).toFixed(6)}\n`;

  await write(header(options, startedAt));
  return {
    get written() {
      return bytes.size();
    },
    output: (chunk) => write(`O ${sinceLast()} ${chunk.length}\n`, chunk),
    resized: (cols, rows) => void write(`S ${sinceLast()} SIGWINCH ROWS=${rows} COLS=${cols}\n`),
    flush,
    seal: async () => {
      const ended = write(duration());
      waiting = null; // what comes now is not part of it
      await ended;
      const files = [bytes.file(), timing.file()];
      await flush();
      return files;
    },
    end: async (exit) => {
      await write(duration() + (exit === null ? '' : `H 0.000000 EXIT_CODE ${exit}\n`));
      await flush();
      await Promise.all([bytes.close(hasFailed), timing.close(hasFailed)]);
      return [bytes.file(), timing.file()];
    },
  };
}

function header({ shell, cols, rows }: RecordingOptions, startedAt: number): string {
  const start = new Date(startedAt / 1000).toISOString().replace('T', ' ').replace(/\..*/, '+00:00');
  const lines = [
    `START_TIME ${start}`,
    `TERM xterm-256color`,
    `COLUMNS ${cols}`,
    `LINES ${rows}`,
    `SHELL ${shell}`,
  ];
  return lines.map((line) => `H 0.000000 ${line}\n`).join('');
}

/** A file that only grows, hashed while it is written. */
async function openLog(folder: string, name: string, media: SessionFile['media']) {
  const path = join(folder, name);
  const handle: FileHandle = await open(path, 'ax', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  let synced = 0;
  return {
    append: async (chunk: Uint8Array) => {
      await handle.appendFile(chunk);
      hash.update(chunk);
      size += chunk.length;
    },
    sync: async () => {
      const reached = size;
      if (reached !== synced) await handle.datasync();
      synced = reached;
    },
    file: (): SessionFile => ({
      name: `sessions/${name}`,
      path,
      bytes: size,
      sha256: hash.copy().digest('hex'),
      media,
    }),
    size: () => size,
    /** `isCut`: a write failed, and what it left behind is not part of the file. */
    close: async (isCut: boolean) => {
      if (isCut) await handle.truncate(size);
      await handle.close();
    },
  };
}
