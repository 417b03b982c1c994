import { act, keptLabel } from '../store/act.ts';
import { currentRung, whyNotNow } from '../store/select.ts';
import { useRoom } from '../store/store.ts';
import { goToPane } from './focus.ts';
import type { Command } from './registry.ts';

const firstSize = { cols: 100, rows: 24 };

/** Opens a recorded shell and goes to it. */
export async function openShell(): Promise<void> {
  const answer = await act((api) => api.terminal.open(firstSize));
  if (!answer) return;
  useRoom.getState().set({ terminal: answer.session });
  goToPane('terminal', () => useRoom.getState().set({ side: 'terminal' }));
}

/** Keeps a command with its output as evidence of the rung being worked. */
export function keepCommand(command: string): Promise<unknown> {
  const rung = currentRung(useRoom.getState().state);
  return act((api) => api.evidence.keepCommand({ command, ...(rung && { rung }) }), keptLabel);
}

const lastCommand = () => Object.values(useRoom.getState().state.commands).findLast(({ ended }) => ended);

export const terminalCommands: Command[] = [
  {
    id: 'terminal.open',
    title: 'Open a shell',
    keys: 'Alt+N',
    run: () => void openShell(),
    whyNot: () => whyNotNow(useRoom.getState(), 'session.open'),
  },
  {
    id: 'terminal.keep',
    title: 'Keep the last command as evidence',
    keys: 'Alt+K',
    run: () => {
      const last = lastCommand();
      if (last) void keepCommand(last.id);
    },
    whyNot: () =>
      whyNotNow(useRoom.getState(), 'evidence.keep') ?? (lastCommand() ? null : 'No command has ended yet.'),
  },
];
