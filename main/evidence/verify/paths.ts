/** Which names are taken from anything foreign (FORMATS, Bundle: on reading anything foreign). */
import { fail } from './failure.ts';

/** Why a relative path is refused, or null. */
export function whyUnsafe(path: string): string | null {
  if (path === '') return 'an empty name';
  if (path.startsWith('/')) return 'an absolute path';
  if (path.includes('\\')) return 'a backslash in its name';
  if (/^[a-z]:/i.test(path)) return 'a drive letter';
  if (path.startsWith('~')) return 'a name that starts with ~';
  if ([...path].some(isControl)) return 'a control character in its name';
  if (!path.isWellFormed()) return 'a name that is no Unicode text';
  for (const part of path.split('/')) {
    if (part === '..' || part === '.') return `"${part}" in its path`;
    if (part === '') return 'an empty part in its path';
  }
  return null;
}

/** U+FFFD stands where a file system's name was no UTF-8. */
const isControl = (char: string) => char < ' ' || char === '\u007f' || char === '\ufffd';

/** Refuses unsafe names, and names that differ only by case or normal form. */
export function checkNames(paths: Iterable<string>): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const why = whyUnsafe(path);
    if (why) fail(path, `${why} is refused`);
    const folded = foldName(path);
    const other = seen.get(folded);
    if (other !== undefined) fail(path, `its name differs from ${other} only by case or normal form`);
    seen.set(folded, path);
  }
}

/** Equal for names that a file system may take for one. */
export function foldName(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC').toUpperCase();
}
