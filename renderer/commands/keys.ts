/** Which keys a person pressed, in the form of a command's `keys`. */

export interface KeyPress {
  key: string;
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
  parts.push(event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return parts.join('+');
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
