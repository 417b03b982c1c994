import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef } from 'react';
import { problemOf } from '../../client/api.ts';
import type { PageStream } from '../../client/bulk-streams.ts';
import { isMac, keysOf, keysOfTheRoom } from '../../commands/keys.ts';
import { act } from '../../store/act.ts';
import type { LinkState } from '../../store/link.ts';
import { noticeOf } from '../../store/session.ts';
import { useRoom } from '../../store/store.ts';

const theme = {
  background: '#090b0d',
  foreground: '#e7eaee',
  cursor: '#4cc2c4',
  selectionBackground: '#2b4a6f',
  red: '#ff6b64',
  green: '#57c785',
  yellow: '#e8b34b',
  blue: '#5aa9ff',
  magenta: '#b58cff',
  cyan: '#4cc2c4',
};

/** One session on the screen: what it printed, and the keys to it. */
export function TerminalScreen({ session }: { session: string }) {
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal | null>(null);
  const link = useRoom((store) => store.link);
  useEffect(() => {
    if (!place.current || link.is !== 'up') return;
    const shown = showTerminal(place.current, session);
    const attached = attach(shown.terminal, session, link);
    terminal.current = shown.terminal;
    return () => {
      terminal.current = null;
      attached.detach();
      shown.dispose();
    };
  }, [session, link]);
  // Who has just opened or chosen a shell types next.
  const chosen = useRoom((store) => store.terminal);
  useEffect(() => {
    if (chosen === session) terminal.current?.focus();
  }, [chosen, session, link]);
  return <div className="screen" ref={place} data-testid="terminal-screen" aria-label="Shell" role="group" />;
}

function showTerminal(place: HTMLElement, session: string) {
  const terminal = new Terminal({
    fontFamily: '"JetBrains Mono", "DejaVu Sans Mono", ui-monospace, monospace',
    fontSize: (13 * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16,
    theme,
    scrollback: 10_000,
    screenReaderMode: false,
    allowProposedApi: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  // These move between panes and find commands; all other keys are the shell's.
  terminal.attachCustomKeyEventHandler((event) => !keysOfTheRoom.has(keysOf(event, isMac())));
  const sized = () => {
    // In a hidden pane there is nothing to fit to.
    if (place.clientWidth > 40 && place.clientHeight > 20) fit.fit();
  };
  const observer = new ResizeObserver(sized);
  observer.observe(place);
  sized();
  terminal.onResize(({ cols, rows }) => resize(session, cols, rows));
  resize(session, terminal.cols, terminal.rows);
  return {
    terminal,
    dispose: () => {
      observer.disconnect();
      terminal.dispose();
    },
  };
}

/** Only the seat that may type gives the shell its size, while it runs. */
function resize(session: string, cols: number, rows: number): void {
  const { state, room } = useRoom.getState();
  const known = state.sessions[session];
  const isOwn = !known || known.seat === room?.seat?.id;
  if (isOwn && !known?.ended && cols >= 2) void act((api) => api.terminal.resize({ session, cols, rows }));
}

function attach(terminal: Terminal, session: string, link: Extract<LinkState, { is: 'up' }>) {
  let stream: PageStream | null = null;
  let isDetached = false;
  let isAttached = false;
  const typed: Uint8Array[] = [];
  const screen = createScreenWriter(terminal);
  const say = (text: string) => terminal.write(`\r\n\x1b[33m${text}\x1b[0m\r\n`);
  const start = async () => {
    const { stream: id } = await link.api.terminal.attach({ session });
    const opened = link.bulk.open(id, {
      data: (payload) => screen.write(payload.slice()),
      end: (problem) => {
        stream = null;
        if (!isDetached) say(problem ?? 'The shell has ended.');
      },
    });
    stream = opened;
    isAttached = true;
    if (isDetached) leave();
    else for (const bytes of typed.splice(0)) send(bytes);
  };
  const failed = (error: unknown) => {
    const problem = problemOf(error);
    if (problem && !isDetached) useRoom.getState().notify(...noticeOf(problem));
  };
  const leave = () => {
    stream?.end();
    stream?.forget();
    screen.dispose();
  };
  start().catch(failed);
  const encoder = new TextEncoder();
  const send = (bytes: Uint8Array) => {
    // What is typed while the shell is still being attached waits for it.
    if (isAttached) stream?.send(bytes).catch(failed);
    else typed.push(bytes);
  };
  terminal.onData((text) => send(encoder.encode(text)));
  terminal.onBinary((text) => send(Uint8Array.from(text, (char) => char.charCodeAt(0) & 255)));
  return {
    detach: () => {
      isDetached = true;
      leave();
    },
  };
}

/**
 * Writes that are settled when the terminal has shown them: it throws data away when too much of it waits. A terminal
 * that is disposed of settles none any more, so `dispose` does.
 */
function createScreenWriter(terminal: Terminal) {
  const pending = new Set<() => void>();
  return {
    write: (bytes: Uint8Array) =>
      new Promise<void>((resolve) => {
        const done = () => {
          pending.delete(done);
          resolve();
        };
        pending.add(done);
        terminal.write(bytes, done);
      }),
    dispose: () => {
      for (const done of [...pending]) done();
    },
  };
}
