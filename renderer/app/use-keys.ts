import { useEffect } from 'react';
import { isMac, keysOf, keysOfTheRoom } from '../commands/keys.ts';
import { registry, type Command } from '../commands/registry.ts';
import { useRoom } from '../store/store.ts';

/** Runs commands by their keys. What is typed into a field or the terminal stays there, but for the room's own keys. */
export function useCommandKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const keys = keysOf(event, isMac());
      const command = registry.all().find((each) => each.keys === keys && isHere(each, event.target));
      if (!command || (isTyping(event.target) && !keysOfTheRoom.has(keys) && !keys.startsWith('Alt+')))
        return;
      event.preventDefault();
      const reason = registry.run(command.id);
      if (reason) useRoom.getState().notify('bad', reason);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** Keys of one pane are its own while the focus is in it. */
function isHere({ pane }: Command, target: EventTarget | null): boolean {
  return (
    pane === undefined || (target instanceof Element && target.closest(`[data-pane="${pane}"]`) !== null)
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
