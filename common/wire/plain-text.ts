const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);

/** Escape sequences of a terminal: OSC, DCS and the like up to their end, CSI, and the short ones. */
const sequences = new RegExp(
  `${escape}(?:[\\]PX^_][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|\\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])`,
  'g',
);

/** Terminal output as text to read: no escape sequences, one LF a line, backspaces and overwritten lines applied. */
export function plainText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(sequences, '').replace(/\r+\n/g, '\n');
  return text.split('\n').map(plainLine).join('\n');
}

function plainLine(line: string): string {
  const shown: string[] = [];
  let column = 0;
  for (const character of line) {
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === '\t' || character >= ' ') shown[column++] = character;
  }
  return shown.join('');
}
