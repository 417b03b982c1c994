/**
 * Whether a name fits one part of a glob: `*` any characters, `?` one. Hidden names only where the dot is written. Takes
 * time that grows with the lengths' product at most, which a regular expression made of it would not.
 */
export function matchesSegment(glob: string, name: string): boolean {
  if (name.startsWith('.') && !glob.startsWith('.')) return false;
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  while (from < name.length) {
    if (glob[at] === '*') {
      star = at++;
      starFrom = from;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === name[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      // The star takes one more.
      at = star + 1;
      from = ++starFrom;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}
