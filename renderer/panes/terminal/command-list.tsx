import { useEffect, useRef } from 'react';
import type { CommandState, State } from '../../../common/incident/state.ts';
import { keepCommand } from '../../commands/terminal-commands.ts';
import { seatName, useWhyNot } from '../../store/select.ts';
import { Button } from '../../ui/button.tsx';
import { clockTime, duration, fullTime } from '../../ui/format.ts';

/** How the host came to know of the command; what is less sure says so. */
const qualities: Record<CommandState['quality'], string | null> = {
  kernel: null,
  broker: null,
  shell: null,
  marked: 'not verified: any program can print this mark',
  bytes: 'not verified: taken from the bytes',
};
const mostShown = 100;

/** The accepted commands of the shell looked at, the newest last. */
export function CommandList({ state, session }: { state: State; session: string | null }) {
  const list = useRef<HTMLOListElement>(null);
  const ids = session ? (state.sessions[session]?.commands ?? []) : [];
  const commands = ids.slice(-mostShown).flatMap((id) => state.commands[id] ?? []);
  const mayKeep = useWhyNot('evidence.keep');
  const count = commands.length;
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [count]);
  if (commands.length === 0) return null;
  return (
    <ol className="cmds" ref={list} aria-label="Commands of this shell" tabIndex={0}>
      {commands.map((command) => (
        <li key={command.id} className={`cmd ${command.actorKind}`}>
          <span className="faint" title={fullTime(command.startedAt)}>
            {clockTime(command.startedAt)}
          </span>
          <span
            className="clip"
            title={`${seatName(state, command.seat)} in ${command.cwd}: ${command.line}`}
          >
            <span className={`${command.actorKind}-t`} aria-hidden>
              {command.actorKind === 'agent' ? '❯ ' : '$ '}
            </span>
            {command.line}
            <Quality quality={command.quality} />
          </span>
          <Outcome command={command} />
          <Button
            small
            whyNot={mayKeep ?? (command.ended ? null : 'It still runs.')}
            onClick={() => void keepCommand(command.id)}
            aria-label={`Keep ${command.line} as evidence`}
          >
            Keep
          </Button>
        </li>
      ))}
    </ol>
  );
}

function Quality({ quality }: { quality: CommandState['quality'] }) {
  const doubt = qualities[quality];
  return doubt && <span className="warn-t" title={doubt}>{` (! ${quality})`}</span>;
}

function Outcome({ command: { ended } }: { command: CommandState }) {
  if (!ended) return <span className="run-t">◌ runs</span>;
  const look = ended.exit === 0 ? 'ok-t' : ended.exit === null ? 'warn-t' : 'bad-t';
  return <span className={look}>{`${ended.exit ?? 'exit ?'} · ${duration(ended.ms)}`}</span>;
}
