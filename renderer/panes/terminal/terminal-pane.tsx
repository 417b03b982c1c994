import { useState } from 'react';
import { keyProps } from '../../commands/keys.ts';
import { keepCommand, openShell } from '../../commands/terminal-commands.ts';
import { act } from '../../store/act.ts';
import { seatName, useShownState, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { clockTime } from '../../ui/format.ts';
import { Pane } from '../../ui/pane.tsx';
import { CommandList } from './command-list.tsx';
import { TerminalScreen } from './terminal-screen.tsx';
import './terminal.css';

/** The recorded shells: their commands, and the one looked at. */
export function TerminalPane() {
  const state = useShownState();
  const chosen = useRoom((store) => store.terminal);
  const sessions = Object.values(state.sessions);
  const session =
    sessions.find((each) => each.session === chosen) ?? sessions.findLast((each) => !each.ended);
  const mayOpen = useWhyNot('session.open');
  const [isOpening, setOpening] = useState(false);
  const open = async () => {
    setOpening(true);
    await openShell();
    setOpening(false);
  };
  const close = () => session && void act((api) => api.terminal.close({ session: session.session }));
  const shown = session?.session ?? chosen;
  const head = (
    <>
      <span className="muted clip">
        {session
          ? `${seatName(state, session.seat)} · since ${clockTime(session.startedAt)}${session.ended ? ' · ended' : ' · recorded'}`
          : 'every shell is recorded'}
      </span>
      <span className="push" />
      {sessions.length > 1 && session && (
        <div>
          <Select
            aria-label="Shell"
            value={session.session}
            options={sessions.map(
              (each, i) =>
                [
                  each.session,
                  `${i + 1} · ${clockTime(each.startedAt)}${each.ended ? ' ended' : ''}`,
                ] as const,
            )}
            onPick={(terminal) => useRoom.getState().set({ terminal })}
          />
        </div>
      )}
      <KeepLast />
      {session && !session.ended && (
        <Button whyNot={mayOpen} onClick={close}>
          End shell
        </Button>
      )}
      <Button
        whyNot={mayOpen ?? (isOpening ? 'The shell is starting.' : null)}
        {...keyProps('Alt+N')}
        onClick={() => void open()}
        data-testid="open-shell"
      >
        Open a shell
      </Button>
    </>
  );
  return (
    <Pane id="terminal" title="Terminal" className="term" head={head} target=".xterm-helper-textarea">
      <CommandList state={state} session={session?.session ?? null} />
      {shown ? (
        <TerminalScreen key={shown} session={shown} />
      ) : (
        <div className="empty">
          No shell is open. Its bytes are kept from the first to the last, and each command is marked on the
          scopes.
        </div>
      )}
    </Pane>
  );
}

function KeepLast() {
  const state = useShownState();
  const mayKeep = useWhyNot('evidence.keep');
  const last = Object.values(state.commands).findLast((command) => command.ended);
  if (!last) return null;
  return (
    <KeepButton command={last.id} title={`Keep last: ${last.line}`} label="Keep last" whyNot={mayKeep} />
  );
}

interface KeepButtonProps {
  command: string;
  label: string;
  title: string;
  whyNot: string | null;
}

function KeepButton({ command, label, title, whyNot }: KeepButtonProps) {
  return (
    <Button
      whyNot={whyNot}
      title={title}
      onClick={() => void keepCommand(command)}
      data-testid="keep-last-command"
    >
      {label}
    </Button>
  );
}
