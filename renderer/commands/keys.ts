/** Which keys a person pressed, in the form of a command's `keys`. */

export interface KeyPress {
  /** What it types, or its name. */
  key: string;
  /** Which key it is, whatever it types: `KeyH`, `Digit1`. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** `Mod+K`, `Shift+F6`, `Alt+1`. */
export function keysOf(event: KeyPress, isMac: boolean): string {
  const parts: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && (event.key.length > 1 || parts.length > 0)) parts.push('Shift');
  parts.push(characterOf(event));
  return parts.join('+');
}

/** Option on a Mac types another character (¡ for 1): where Alt hides the letter or digit, the key tells it. */
function characterOf({ altKey, key, code }: KeyPress): string {
  const hidden = altKey && !/^[a-z0-9]$/i.test(key);
  const onTheKey = hidden ? /^(?:Digit|Key)(.)$/.exec(code)?.[1] : undefined;
  return onTheKey ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** As it is printed beside a command. */
export function shownKeys(keys: string, isMac: boolean): string {
  return keys.replace('Mod', isMac ? '⌘' : 'Ctrl').replaceAll('+', ' ');
}

/** Keys that the room takes even from the terminal; all others there are the shell's. */
export const keysOfTheRoom: ReadonlySet<string> = new Set(['F6', 'Shift+F6', 'Mod+K']);

export function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}

/** Attributes of a control that keys reach too: for the key tips, for the pointer and for screen readers. */
export interface KeyProps {
  'data-keys': string;
  'aria-keyshortcuts': string;
  title: string;
}

/** `keys` as a command has them. */
export function keyProps(keys: string): KeyProps {
  const shown = shownKeys(keys, isMac());
  return {
    'data-keys': shown,
    'aria-keyshortcuts': keys.replace('Mod', isMac() ? 'Meta' : 'Control'),
    title: `Keys: ${shown}`,
  };
}
