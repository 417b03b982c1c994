import { act, keptLabel } from '../../store/act.ts';
import { currentRung } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';

/** Keeps a command with its output as evidence of the rung being worked. */
export function keepCommand(command: string): Promise<unknown> {
  const rung = currentRung(useRoom.getState().state);
  return act(
    (api) => api.evidence.keepCommand({ command, ...(rung && { rung }) }),
    ({ seq }) => keptLabel(seq),
  );
}
