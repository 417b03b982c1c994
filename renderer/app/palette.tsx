import { useState, type KeyboardEvent } from 'react';
import { isMac, shownKeys } from '../commands/keys.ts';
import { findCommands, registry, type Command } from '../commands/registry.ts';
import { useRoom } from '../store/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextInput } from '../ui/field.tsx';

const close = () => useRoom.getState().set({ dialog: null });

/** The dialogs of the whole room: finding a command, and all keys. */
export function Dialogs() {
  const dialog = useRoom((store) => store.dialog);
  if (dialog === 'palette') return <Palette />;
  if (dialog === 'keys') return <Keys />;
  return null;
}

function Palette() {
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const found = findCommands(registry.all(), query);
  const chosen = found[Math.min(index, found.length - 1)];
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    const reason = registry.run(command.id);
    if (reason) useRoom.getState().notify('bad', reason);
  };
  const key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined)
      setIndex((Math.min(index, found.length - 1) + step + found.length) % Math.max(found.length, 1));
    else if (event.key === 'Enter') run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Find a command" onClose={close}>
      <TextInput
        autoFocus
        placeholder="What do you want to do?"
        aria-label="Find a command"
        role="combobox"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={chosen && `command-${chosen.id}`}
        value={query}
        onChange={(event) => (setQuery(event.currentTarget.value), setIndex(0))}
        onKeyDown={key}
      />
      <ul id="commands" role="listbox" className="commands" aria-label="Commands">
        {found.map((command) => {
          const reason = command.whyNot?.() ?? null;
          return (
            <li
              key={command.id}
              id={`command-${command.id}`}
              role="option"
              aria-selected={command === chosen}
              className={reason ? 'faint' : ''}
              title={reason ?? undefined}
              onClick={() => run(command)}
            >
              <span>{command.title}</span>
              {command.keys && <kbd>{shownKeys(command.keys, isMac())}</kbd>}
            </li>
          );
        })}
        {found.length === 0 && <li className="muted">There is no such command.</li>}
      </ul>
    </Dialog>
  );
}

function Keys() {
  return (
    <Dialog title="All keys" onClose={close}>
      <h3>All keys</h3>
      <ul className="commands">
        {registry
          .all()
          .filter((command) => command.keys)
          .map((command) => (
            <li key={command.id}>
              <span>
                {command.title}
                {command.pane && <span className="faint"> in the {command.pane}</span>}
              </span>
              <kbd>{shownKeys(command.keys!, isMac())}</kbd>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}
