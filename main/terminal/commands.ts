import { createHash, type Hash } from 'node:crypto';
import { cutText } from '../../common/lib/cut-text.ts';
import type { DataOf } from '../../common/incident/entries.ts';
import { unescapeMark, type OscMark, type OscSegment } from '../../common/wire/osc.ts';
import { plainText } from '../../common/wire/plain-text.ts';

export type Quality = DataOf<'command.started'>['quality'];

/** What the marks in a session's output say. Offsets are into the session's bytes, times microseconds on the host's axis. */
export type CommandEvent =
  | { kind: 'started'; key: number; line: string; cwd: string; quality: Quality; from: number }
  | { kind: 'ended'; key: number; exit: number | null; from: number; to: number; digest: string; ms: number };

export interface CommandTracker {
  /** Whether a mark with the nonce was seen. */
  readonly isTrusted: boolean;
  /** Starts a command that no mark announced, from the first byte: the shell itself. */
  startWhole(line: string, now: number): CommandEvent;
  take(segment: OscSegment, now: number): CommandEvent[];
  /** Ends what is still running, the innermost first. `exit` is that of the session. */
  end(to: number, exit: number | null, now: number): CommandEvent[];
}

/** Longest line of a `command.started`. */
const maxLine = 20_000;
/** What is kept of the text between the marks B and C. */
const maxTyped = 8 * 1024;
/** Anyone can print the marks of OSC 133: more than these in one session are not written into the ledger. */
const maxMarked = 1000;

interface Running {
  key: number;
  from: number;
  startedAt: number;
  hash: Hash;
}

/**
 * Makes commands of marks. Quality `shell`: OSC 633 with this session's nonce and the number of the prompt that is
 * being answered, so neither a program nor a replay of old output can forge one. Quality `marked`: OSC 133, of shells
 * that run inside a command (over SSH, say) or of a session whose shell has no integration of ours.
 */
export function createCommandTracker(nonce: string, startCwd: string): CommandTracker {
  const opener = createOpener();
  const trusted = createTrusted(nonce, startCwd, opener);
  const marked = createMarked(opener, () => trusted.cwd());

  return {
    get isTrusted() {
      return trusted.isSeen();
    },
    startWhole: (line, now) => opener.start({ line, cwd: startCwd, quality: 'bytes', from: 0 }, now),
    take: (segment, now) => {
      const { mark } = segment;
      const events: CommandEvent[] = [];
      if (mark?.family === 633)
        events.push(...trusted.take(mark, segment, now, () => marked.interrupt(segment, now)));
      const mayNest = trusted.isRunning() || !trusted.isSeen();
      if (mark?.family === 133 && mayNest) events.push(...marked.take(mark, segment, now));
      if (!mark) marked.typed(segment.bytes);
      opener.hash(segment, events);
      return events;
    },
    end: (to, exit, now) => opener.endAll(to, exit, now),
  };
}

type Opener = ReturnType<typeof createOpener>;

/** The commands that are running, and the digests of their output. */
function createOpener() {
  const running = new Map<number, Running>();
  let nextKey = 0;
  const end = (key: number, to: number, exit: number | null, now: number): CommandEvent[] => {
    const command = running.get(key);
    if (!command) return [];
    running.delete(key);
    const ms = (now - command.startedAt) / 1000;
    return [{ kind: 'ended', key, exit, from: command.from, to, digest: command.hash.digest('hex'), ms }];
  };
  return {
    start: (what: { line: string; cwd: string; quality: Quality; from: number }, now: number) => {
      const key = nextKey++;
      running.set(key, { key, from: what.from, startedAt: now, hash: createHash('sha256') });
      return { kind: 'started' as const, key, ...what, line: cutLine(what.line) };
    },
    end,
    endAll: (to: number, exit: number | null, now: number) =>
      [...running.keys()].reverse().flatMap((key) => end(key, to, exit, now)),
    /** A segment belongs to all that run, but not to those that begin with it. */
    hash: (segment: OscSegment, events: CommandEvent[]) => {
      const begun = new Set(events.filter((event) => event.kind === 'started').map((event) => event.key));
      for (const command of running.values()) if (!begun.has(command.key)) command.hash.update(segment.bytes);
    },
  };
}

function createTrusted(nonce: string, startCwd: string, opener: Opener) {
  let state: 'between' | 'prompt' | 'running' = 'between';
  let prompt = -1;
  let cwd = startCwd;
  let line = '';
  let key = -1;

  /** The number of the prompt that a mark names, or -1 when its nonce is not ours. */
  const numberOf = (mark: OscMark): number => {
    const [given, number, ...rest] = (mark.params.at(-1) ?? '').split('-');
    return given === nonce && rest.length === 0 && /^\d{1,9}$/.test(number ?? '') ? Number(number) : -1;
  };
  const endRunning = (segment: OscSegment, exit: number | null, now: number) =>
    state === 'running' ? opener.end(key, segment.offset, exit, now) : [];

  return {
    isSeen: () => prompt >= 0,
    isRunning: () => state === 'running',
    cwd: () => cwd,
    take: (
      mark: OscMark,
      segment: OscSegment,
      now: number,
      endNested: () => CommandEvent[],
    ): CommandEvent[] => {
      const number = numberOf(mark);
      if (number < 0) return [];
      const isCurrent = number === prompt;
      if (mark.code === 'A' && number > prompt) {
        const events = [...endNested(), ...endRunning(segment, null, now)];
        prompt = number;
        state = 'prompt';
        line = '';
        return events;
      }
      if (mark.code === 'P' && number >= prompt && state !== 'running') cwd = cwdOf(mark) ?? cwd;
      if (mark.code === 'E' && isCurrent && state === 'prompt') line = unescapeMark(mark.params[0] ?? '');
      if (mark.code === 'C' && isCurrent && state === 'prompt') {
        state = 'running';
        const started = opener.start(
          { line, cwd, quality: 'shell', from: segment.offset + segment.bytes.length },
          now,
        );
        key = started.key;
        return [started];
      }
      if (mark.code === 'D' && isCurrent && state === 'running') {
        const events = [...endNested(), ...endRunning(segment, exitOf(mark.params[0]), now)];
        state = 'between';
        return events;
      }
      return [];
    },
  };
}

function createMarked(opener: Opener, cwd: () => string) {
  let state: 'none' | 'prompt' | 'input' | 'running' = 'none';
  let typed: Uint8Array[] = [];
  let typedBytes = 0;
  let key = -1;
  let count = 0;

  const interrupt = (segment: OscSegment, now: number, exit: number | null = null): CommandEvent[] => {
    const events = state === 'running' ? opener.end(key, segment.offset, exit, now) : [];
    state = 'none';
    return events;
  };
  return {
    interrupt,
    typed: (bytes: Uint8Array) => {
      if (state !== 'input' || typedBytes >= maxTyped) return;
      typed.push(bytes.slice(0, maxTyped - typedBytes));
      typedBytes += bytes.length;
    },
    take: (mark: OscMark, segment: OscSegment, now: number): CommandEvent[] => {
      if (mark.code === 'A') {
        const events = interrupt(segment, now);
        state = 'prompt';
        return events;
      }
      if (mark.code === 'B' && state !== 'running') {
        state = 'input';
        typed = [];
        typedBytes = 0;
      }
      if (mark.code === 'C' && state === 'input' && count < maxMarked) {
        state = 'running';
        count++;
        const line = plainText(Buffer.concat(typed)).trim();
        const from = segment.offset + segment.bytes.length;
        const started = opener.start({ line, cwd: cwd(), quality: 'marked', from }, now);
        key = started.key;
        return [started];
      }
      return mark.code === 'D' ? interrupt(segment, now, exitOf(mark.params[0])) : [];
    },
  };
}

function cwdOf(mark: OscMark): string | null {
  const value = mark.params[0] ?? '';
  return value.startsWith('Cwd=') ? unescapeMark(value.slice(4)) : null;
}

function exitOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : null;
}

function cutLine(line: string): string {
  return line.length <= maxLine ? line : `${cutText(line, maxLine - 60)} … (cut: ${line.length} characters)`;
}
