/** A digest to tell equal from different; nobody's proof: 64 bits of two FNV-1a runs, not cryptographic. */
export interface Digest {
  add(text: string): void;
  hex(): string;
}

export function createDigest(): Digest {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  return {
    add(text) {
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        a = Math.imul(a ^ unit, 0x01000193);
        b = Math.imul(b ^ (unit + 0x9e37), 0x85ebca6b);
      }
      // What ends here is not what goes on: "ab" + "c" is not "a" + "bc".
      a = Math.imul(a ^ 0xffff, 0x01000193);
      b = Math.imul(b ^ 0xfffe, 0xc2b2ae35);
    },
    hex: () => [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}

export function digestOf(...texts: string[]): string {
  const digest = createDigest();
  texts.forEach(digest.add);
  return digest.hex();
}

const mostNodes = 200_000;

/** Of a JSON value, members of objects in any order. Deep values are walked without recursion. */
export function digestOfJson(value: unknown): string {
  const digest = createDigest();
  const stack: unknown[] = [value];
  for (let nodes = 0; stack.length > 0 && nodes < mostNodes; nodes++) {
    const at = stack.pop();
    if (Array.isArray(at)) {
      digest.add(`[${at.length}`);
      for (let index = Math.min(at.length, mostNodes) - 1; index >= 0; index--) stack.push(at[index]);
    } else if (typeof at === 'object' && at !== null) {
      const names = Object.keys(at).sort();
      digest.add(`{${names.length}`);
      for (const name of names.slice(0, mostNodes)) stack.push((at as Record<string, unknown>)[name], name);
    } else digest.add(`${typeof at} ${String(at)}`);
  }
  return digest.hex();
}
