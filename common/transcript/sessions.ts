/** The sessions of a transcript with their turns, for a list of what there is; a finding needs the events. */
import { createThreads, shortened, type Analysis } from './analysis.ts';
import type { Source, TranscriptEvent } from './types.ts';

export interface Turn {
  source: Source;
  at: number | null;
  /** What the person asked, shortened; empty for what came before the first message. */
  asked: string;
  replies: number;
  calls: number;
  /** Results that the format flags as failed. */
  errors: number;
  /** Tokens of context that the turn's last reply was sent; null where none are told. */
  tokens: number | null;
  written: number;
}

export interface Session {
  id: string;
  /** The session itself, or an agent or side chain within it. */
  thread: string;
  model: string | null;
  startedAt: number | null;
  endedAt: number | null;
  /** The newest, at most 1000. */
  turns: Turn[];
  /** All of them. */
  turnCount: number;
  compactions: number;
}

const mostTurns = 1_000;

/** The threads newest heard of, at most as many as an analysis keeps. */
export function createSessions(): Analysis<Session[]> {
  const threads = createThreads<Session>((thread) => ({
    id: '',
    thread,
    model: null,
    startedAt: null,
    endedAt: null,
    turns: [],
    turnCount: 0,
    compactions: 0,
  }));

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'unknown') return;
      const session = threads.of(event);
      session.id = event.session;
      session.startedAt ??= event.at;
      session.endedAt = event.at ?? session.endedAt;
      if (event.kind === 'compaction') session.compactions++;
      if (event.kind === 'message' && event.role === 'person')
        beginTurn(session, event, shortened(event.text));
      else takeInTurn(session, event);
    },
    facts: () =>
      threads.all().map((session) => ({ ...session, turns: session.turns.map((turn) => ({ ...turn })) })),
  };
}

function beginTurn(session: Session, { source, at }: TranscriptEvent, asked: string): Turn {
  const turn = { source, at, asked, replies: 0, calls: 0, errors: 0, tokens: null, written: 0 };
  session.turns.push(turn);
  session.turnCount++;
  if (session.turns.length > mostTurns) session.turns.shift();
  return turn;
}

function takeInTurn(session: Session, event: TranscriptEvent): void {
  if (event.kind === 'message' && event.model !== null) session.model = event.model;
  // Instructions before anybody spoke are no turn.
  if (event.kind !== 'call' && event.kind !== 'result' && event.kind !== 'usage') return;
  const turn = session.turns.at(-1) ?? beginTurn(session, event, '');
  if (event.kind === 'call') turn.calls++;
  else if (event.kind === 'result' && event.isError === true) turn.errors++;
  else if (event.kind === 'usage') {
    turn.replies++;
    turn.tokens = event.input;
    turn.written += event.output;
    session.model = event.model ?? session.model;
  }
}
