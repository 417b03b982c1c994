/** `bytes[from, to)` as text, a character a byte. */
export function asciiText(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** Whether all bytes are printable ASCII or tabs. */
export const isPrintable = (bytes: Uint8Array) =>
  bytes.every((byte) => byte === 9 || (byte >= 32 && byte < 127));
