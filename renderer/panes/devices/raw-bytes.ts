/** The newest bytes of a device, as text and as hex. */

const kept = 16 * 1024;

/** The newest bytes, at most 16 KiB. */
export class RawRing {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Bytes seen since the view was opened, and those that the page was too slow for. */
  seen = 0;
  dropped = 0;

  add(chunk: Uint8Array): void {
    this.seen += chunk.length;
    const joined = new Uint8Array(Math.min(kept, this.bytes.length + chunk.length));
    const newest = chunk.subarray(Math.max(0, chunk.length - joined.length));
    const older = joined.length - newest.length;
    joined.set(this.bytes.subarray(this.bytes.length - older), 0);
    joined.set(newest, older);
    this.bytes = joined;
  }
}

/** As text, one line a line; what can't be printed is a dot, and the ends of lines stay visible. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 10) text += '␊\n';
    else if (byte === 13) text += '␍';
    else if (byte === 9) text += '␉';
    else text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·';
  }
  return text;
}

const perRow = 16;

/** Rows of sixteen: where they stand since the view was opened, the bytes, and their characters. */
export function hexOf(bytes: Uint8Array, first: number): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += perRow) {
    const row = bytes.subarray(at, at + perRow);
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const characters = Array.from(row, (byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
    ).join('');
    rows.push(`${(first + at).toString(16).padStart(8, '0')}  ${hex.padEnd(perRow * 3 - 1)}  ${characters}`);
  }
  return rows.join('\n');
}
