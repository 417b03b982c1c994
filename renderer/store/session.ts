import type { StateCreator } from 'zustand/vanilla';
import type { Problem } from '../client/api.ts';
import type { RoomStore } from './store.ts';

/** One line that a person has to read: a refusal, a failure, or that something went well. */
export interface Notice {
  id: number;
  tone: 'bad' | 'good';
  message: string;
  hint: string;
}

/** What the scopes' time axis shows. */
export interface ScopeWindow {
  /** Microseconds across the whole width. */
  span: number;
  /** Right edge, microseconds since 1970; null: follows the present. */
  end: number | null;
}

/** Panes that may be a tab of the right side, or of the one place where there is little room. */
export type SidePane =
  'ladder' | 'scopes' | 'terminal' | 'timeline' | 'evidence' | 'people' | 'devices' | 'rig';
export type DialogName = 'palette' | 'keys' | 'trigger' | 'math' | 'channels' | 'compare';

/** This page's own view: nobody else's business, lost with the tab. */
export interface SessionSlice {
  side: SidePane;
  scope: ScopeWindow;
  /** A stretch chosen on the scopes, microseconds since 1970. */
  selection: { from: number; to: number } | null;
  /** The moment that every pane shows; null: the present. */
  lookAt: number | null;
  entry: number | null;
  terminal: string | null;
  dialog: DialogName | null;
  /** The weakness of the key store was read and put aside. */
  keyWarningSeen: boolean;
  notices: Notice[];
  /** Whether the scopes show measurements. */
  isMeasuring: boolean;
  /** Exports that this page still shows. */
  shownTasks: string[];
  set(change: Partial<Omit<SessionSlice, 'set' | 'notify' | 'dismiss'>>): void;
  setScope(change: Partial<ScopeWindow>): void;
  notify(tone: Notice['tone'], message: string, hint?: string): void;
  dismiss(id: number): void;
}

export const defaultSpan = 20_000_000;
const mostNotices = 4;
let notices = 0;

export const createSessionSlice: StateCreator<RoomStore, [], [], SessionSlice> = (set) => ({
  side: 'timeline',
  scope: { span: defaultSpan, end: null },
  selection: null,
  lookAt: null,
  entry: null,
  terminal: null,
  dialog: null,
  keyWarningSeen: false,
  notices: [],
  isMeasuring: false,
  shownTasks: [],
  set: (change) => set(change),
  setScope: (change) => set((store) => ({ scope: { ...store.scope, ...change } })),
  notify: (tone, message, hint = '') =>
    set((store) => ({
      notices: newestOf([...store.notices, { id: (notices += 1), tone, message, hint }]),
    })),
  dismiss: (id) => set((store) => ({ notices: store.notices.filter((notice) => notice.id !== id) })),
});

/** Good news makes room first: what went wrong stays until it was read. */
function newestOf(all: Notice[]): Notice[] {
  if (all.length <= mostNotices) return all;
  const oldest = all.find(({ tone }) => tone === 'good') ?? all[0];
  return all.filter((notice) => notice !== oldest);
}

/** A problem as a notice's words. */
export function noticeOf(problem: Problem): [tone: 'bad', message: string, hint: string] {
  return ['bad', problem.message, problem.hint];
}
