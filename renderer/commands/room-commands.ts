import { act, keepLast } from '../store/act.ts';
import { callOffChecks, runAllChecks, whyNoChecks } from '../store/checks.ts';
import { returnToNow } from '../store/seek.ts';
import { whyNotNow } from '../store/select.ts';
import type { SidePane } from '../store/session.ts';
import { useRoom } from '../store/store.ts';
import { changeTextSize } from '../store/text-size.ts';
import { focusNextPane, goToPane } from './focus.ts';
import type { Command } from './registry.ts';

const panes: [SidePane, string, string][] = [
  ['ladder', 'Go to the ladder', 'Alt+L'],
  ['scopes', 'Go to the scopes', 'Alt+S'],
  ['terminal', 'Go to the terminal', 'Alt+T'],
  ['timeline', 'Show the timeline', 'Alt+1'],
  ['evidence', 'Show the evidence', 'Alt+2'],
  ['people', 'Show the people', 'Alt+3'],
  ['devices', 'Show the devices', 'Alt+4'],
  ['rig', 'Show the rig', 'Alt+5'],
];

const set = (change: Parameters<ReturnType<typeof useRoom.getState>['set']>[0]) =>
  useRoom.getState().set(change);

/** Exports the bundle in the background; its progress stands at the foot of the room. */
export async function exportBundle(): Promise<void> {
  const answer = await act((api) => api.bundle.export());
  if (answer) set({ shownTasks: [...useRoom.getState().shownTasks, answer.task] });
}

/** What can be done in every room. */
export const roomCommands: Command[] = [
  { id: 'palette', title: 'Find a command', keys: 'Mod+K', run: () => set({ dialog: 'palette' }) },
  { id: 'pane.next', title: 'Go to the next pane', keys: 'F6', run: () => focusNextPane(1) },
  { id: 'pane.before', title: 'Go to the pane before', keys: 'Shift+F6', run: () => focusNextPane(-1) },
  ...panes.map(([side, title, keys]): Command => ({
    id: `pane.${side}`,
    title,
    keys,
    run: () => goToPane(side, () => set({ side })),
  })),
  { id: 'text.larger', title: 'Larger text', keys: 'Alt+Shift+ArrowUp', run: () => changeTextSize(1) },
  { id: 'text.smaller', title: 'Smaller text', keys: 'Alt+Shift+ArrowDown', run: () => changeTextSize(-1) },
  { id: 'text.usual', title: 'Text as the browser has it', run: () => changeTextSize(0) },
  { id: 'now', title: 'Return to now', keys: 'Alt+0', run: returnToNow },
  {
    id: 'scopes.hold',
    title: 'Hold or follow the scopes',
    keys: 'Alt+H',
    run: () => useRoom.getState().setScope({ end: toggledEnd() }),
  },
  { id: 'scopes.trigger', title: 'Set the trigger', keys: 'Alt+G', run: () => set({ dialog: 'trigger' }) },
  {
    id: 'scopes.trigger-off',
    title: 'Take the trigger away',
    run: () => void act((api) => api.signals.clearTrigger()),
    whyNot: () => whyNotNow(useRoom.getState(), 'scope.trigger'),
  },
  {
    id: 'scopes.keep-last',
    title: 'Keep the last 10 s of the scopes as evidence',
    keys: 'Alt+E',
    run: () => void keepLast(),
    whyNot: () =>
      useRoom.getState().channels.length === 0
        ? 'There is no channel to keep.'
        : whyNotNow(useRoom.getState(), 'evidence.keep'),
  },
  { id: 'scopes.math', title: 'Math channels', run: () => set({ dialog: 'math' }) },
  {
    id: 'scopes.measure',
    title: 'Show or hide measurements',
    keys: 'Alt+M',
    run: () => set({ isMeasuring: !useRoom.getState().isMeasuring }),
  },
  {
    id: 'checks.run',
    title: 'Run all checks of the ladder',
    keys: 'Alt+R',
    run: runAllChecks,
    whyNot: () => whyNoChecks(useRoom.getState()),
  },
  {
    id: 'checks.stop',
    title: 'Call the checks off',
    run: callOffChecks,
    whyNot: () => (useRoom.getState().checks?.run ? null : 'No check is running.'),
  },
  {
    id: 'bundle.export',
    title: 'Export the bundle',
    run: () => void exportBundle(),
    whyNot: () => whyNotNow(useRoom.getState(), 'bundle.export'),
  },
  {
    id: 'postmortem.draft',
    title: 'Draft the postmortem',
    run: () =>
      void act(
        (api) => api.bundle.draftPostmortem(),
        () => 'The postmortem was drafted.',
      ),
    whyNot: () => whyNotNow(useRoom.getState(), 'postmortem.draft'),
  },
  {
    id: 'room.leave',
    title: 'Leave this incident (it can be opened again)',
    run: () => void act((api) => api.room.leave()),
    whyNot: () => whyNotNow(useRoom.getState(), 'incident.declare'),
  },
  { id: 'keys', title: 'Show all keys', keys: '?', run: () => set({ dialog: 'keys' }) },
];

function toggledEnd(): number | null {
  const { scope, clockOffset } = useRoom.getState();
  return scope.end === null ? clockOffset + performance.now() * 1000 : null;
}
