import { isMarked } from '../store/marks.ts';
import type { CursorName } from '../store/scope-view.ts';
import { useRoom } from '../store/store.ts';
import type { Command } from './registry.ts';
import { columnAt, scopeAxis, timeOfColumn } from './scope-axis.ts';

const notShown = 'The scopes are not on the screen. Go to them first.';
const whyNotShown = () => (scopeAxis() ? null : notShown);

/** Puts a cursor where the pointer is over the lanes, else in their middle. */
function placeCursor(name: CursorName): void {
  const axis = scopeAxis();
  const { pointer, placeCursor: place } = useRoom.getState();
  if (axis) place(name, timeOfColumn(axis, columnAt(axis, pointer ?? 0.5)));
}

/** Moves the active cursor by so many columns; the axis goes with it where it would leave the screen. */
export function moveCursor(columns: number): void {
  const axis = scopeAxis();
  const { activeCursor, cursors, placeCursor: place, setScope } = useRoom.getState();
  const at = activeCursor && cursors[activeCursor];
  if (!axis || !activeCursor || at === null) return;
  const column = Math.floor(at / axis.dt) + columns;
  place(activeCursor, timeOfColumn(axis, column));
  if (column < axis.end - axis.width) setScope({ end: (column + axis.width) * axis.dt - 1 });
  else if (column >= axis.end) setScope({ end: timeOfColumn(axis, column) });
}

/** Takes the active cursor away; where there is none, the selection. */
export function escapeScopes(): void {
  const { activeCursor, removeCursor, set } = useRoom.getState();
  if (activeCursor) removeCursor();
  else set({ selection: null });
}

/** Opens an entry in the timeline, with its mark on the scopes. */
export function openMark(seq: number): void {
  useRoom.getState().set({ entry: seq, side: 'timeline' });
}

/** Goes to the mark after (1) or before (−1) the one that is open, else the newest shown. */
function goToMark(step: 1 | -1): void {
  const axis = scopeAxis();
  const { marks, entry, scope, setScope } = useRoom.getState();
  const all = marks.filter(isMarked);
  const open = all.findIndex(({ seq }) => seq === entry);
  const shown = axis ? all.findLastIndex(({ at }) => at < axis.end * axis.dt) : all.length - 1;
  const mark = all[open === -1 ? shown : Math.min(all.length - 1, Math.max(0, open + step))];
  if (!axis || !mark) return;
  openMark(mark.seq);
  const isShown = mark.at >= (axis.end - axis.width) * axis.dt && mark.at < axis.end * axis.dt;
  if (!isShown) setScope({ end: mark.at + scope.span / 2 });
}

const whyNoMark = () =>
  whyNotShown() ??
  (useRoom.getState().marks.some(isMarked) ? null : 'Nothing is marked on the time axis yet.');

/** Off, where one is compared with; else the choice of one. */
function toggleComparison(): void {
  const { comparison, setScopeView, set } = useRoom.getState();
  if (comparison) setScopeView({ comparison: null });
  else set({ dialog: 'compare' });
}

export const scopeCommands: Command[] = [
  ...(['a', 'b'] as const).map((name): Command => ({
    id: `scopes.cursor-${name}`,
    title: `Put cursor ${name.toUpperCase()} at the pointer, or in the middle`,
    keys: name.toUpperCase(),
    pane: 'scopes',
    run: () => placeCursor(name),
    whyNot: whyNotShown,
  })),
  {
    id: 'scopes.cursors-away',
    title: 'Take both cursors away',
    run: () => useRoom.getState().setScopeView({ cursors: { a: null, b: null }, activeCursor: null }),
  },
  {
    id: 'scopes.mark-next',
    title: 'Open the entry of the next mark',
    keys: 'N',
    pane: 'scopes',
    run: () => goToMark(1),
    whyNot: whyNoMark,
  },
  {
    id: 'scopes.mark-before',
    title: 'Open the entry of the mark before',
    keys: 'P',
    pane: 'scopes',
    run: () => goToMark(-1),
    whyNot: whyNoMark,
  },
  {
    id: 'scopes.channels',
    title: 'Choose and order the channels of the scopes',
    keys: 'Alt+C',
    run: () => useRoom.getState().set({ dialog: 'channels' }),
    whyNot: whyNotShown,
  },
  {
    id: 'scopes.compare',
    title: 'Compare the scopes with a kept window, or stop that',
    keys: 'Alt+W',
    run: toggleComparison,
    whyNot: whyNotShown,
  },
];
